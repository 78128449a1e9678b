#ifndef ESEG_MEMORY_H
#define ESEG_MEMORY_H

/// Gives freed memory back to the system, where its allocator would keep it.
void eseg_memory_trim(void);

#endif
