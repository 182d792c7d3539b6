static long table[10];

void *plugin_member_of_table(void) { return &table[3]; }
