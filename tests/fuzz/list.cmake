# The fuzz targets, a line each: fencepost_fuzz(<name> <runs of the short test>).
# targets/<name>.cpp is the code; seeds/<name>/ and seeds/<name>.dict, if there are any, what it starts from.
fencepost_fuzz(block_placement 500000)
fencepost_fuzz(diagnosis 100000)
fencepost_fuzz(findings_json 20000)
fencepost_fuzz(json_report 20000)
fencepost_fuzz(options_parser 50000)
fencepost_fuzz(slack_compare 20000)
fencepost_fuzz(suppression_rules 50000)
fencepost_fuzz(symbol_file 50000)
fencepost_fuzz(text_writer 200000)
fencepost_fuzz(trace_depot 20000)
fencepost_fuzz(unwind_table 100000)
