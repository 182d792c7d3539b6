static void overrun(char *block) { block[16] = 1; }

void plugin_overrun(char *block) { overrun(block); }
