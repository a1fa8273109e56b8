/* The kernels. What each takes and gives stands in signatures.py. */
#ifndef WIREWATCH_KERNELS_H
#define WIREWATCH_KERNELS_H

#include <Python.h>

#define KERNEL(name) PyObject *name(PyObject *module, PyObject *const *given, Py_ssize_t count)

KERNEL(letters);
KERNEL(words);
KERNEL(names);
KERNEL(written_out);
KERNEL(painted);
KERNEL(believed);
KERNEL(ordered);
KERNEL(segments);
KERNEL(clues);
KERNEL(scores);
KERNEL(viterbi);
KERNEL(runs);
KERNEL(spelled);
KERNEL(sequences);
KERNEL(terms);
KERNEL(samples);
KERNEL(split_words);
KERNEL(enter_words);
KERNEL(part_sentences);
KERNEL(places_of);
KERNEL(meet_needs);
KERNEL(find_postings);
KERNEL(put_postings);
KERNEL(widen_sets);
KERNEL(lower_sets);
KERNEL(sharing);
KERNEL(additions);
KERNEL(gathered);
KERNEL(alike);
KERNEL(weeds);
KERNEL(spliced);
KERNEL(digests);
KERNEL(told);
KERNEL(ring_put);
KERNEL(ring_latest);
KERNEL(described);
KERNEL(grouped);
KERNEL(merged);
KERNEL(spans);
KERNEL(supported);
KERNEL(listed);
KERNEL(capitals);
KERNEL(known);
KERNEL(one_spelling);
KERNEL(open_gates);
KERNEL(normal_form);
KERNEL(count_lines);
KERNEL(tree_sums);
KERNEL(describe_neighbours);
KERNEL(describe_manner);

#endif
