/* The module streams.kernels._native. */
#include "kernels.h"

#define ROW(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    ROW(letters),
    ROW(words),
    ROW(names),
    ROW(written_out),
    ROW(painted),
    ROW(believed),
    ROW(ordered),
    ROW(segments),
    ROW(clues),
    ROW(scores),
    ROW(viterbi),
    ROW(runs),
    ROW(spelled),
    ROW(sequences),
    ROW(terms),
    ROW(samples),
    ROW(split_words),
    ROW(enter_words),
    ROW(part_sentences),
    ROW(places_of),
    ROW(meet_needs),
    ROW(find_postings),
    ROW(put_postings),
    ROW(widen_sets),
    ROW(lower_sets),
    ROW(sharing),
    ROW(additions),
    ROW(gathered),
    ROW(alike),
    ROW(weeds),
    ROW(spliced),
    ROW(digests),
    ROW(told),
    ROW(ring_put),
    ROW(ring_latest),
    ROW(described),
    ROW(grouped),
    ROW(merged),
    ROW(spans),
    ROW(supported),
    ROW(listed),
    ROW(capitals),
    ROW(known),
    ROW(one_spelling),
    ROW(open_gates),
    ROW(normal_form),
    ROW(count_lines),
    ROW(tree_sums),
    ROW(describe_neighbours),
    ROW(describe_manner),
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_native", NULL, 0, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void)
{
    return PyModule_Create(&definition);
}
