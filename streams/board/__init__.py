"""The live board: stories and alerts as they come, in a browser. It reads topics and changes nothing."""
