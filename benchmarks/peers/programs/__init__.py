"""One module a program, run by the interpreter that has it; they import nothing of this project but `measuring`."""
