"""Copies and stories: sketches, the index of groups, the members of stories, and why two articles were joined."""
