// The records are plain data; this file only proves that their headers stand alone.
#include "record/api.h"
#include "record/block_record.h"
#include "record/fault_record.h"
#include "record/finding.h"
#include "record/system_call.h"
#include "record/trace.h"
