/* How much memory the process has, by the kernel's account. */
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* 40 of record, 16 of page table, 4 of the index from pages to records, and what rounding these up to whole pages
   for each chunk of 256 slots adds. */
enum { kBytesOfDeadSlot = 80 };

/* VmRSS and VmPTE of /proc/self/status, in bytes, without a block of the heap. */
static long resident_bytes(void) {
  char text[8192] = "";
  const int file = open("/proc/self/status", O_RDONLY);
  const long size = read(file, text, sizeof text - 1);
  close(file);
  const char *resident = strstr(text, "VmRSS:");
  const char *tables = strstr(text, "VmPTE:");
  if (size <= 0 || resident == NULL || tables == NULL) return -1;
  return (atol(resident + 6) + atol(tables + 6)) * 1024;
}
