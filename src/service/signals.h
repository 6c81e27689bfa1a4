// Signals as something to wait for: blocked, and read from a descriptor. A child must give the mask back before it execs:
// signals_reset does.
#pragma once
#include "base/error.h"

// `numbers` ends with 0.
bool signals_open(const int *numbers, int *fd, Error *error) MUST_USE;
// The next one that came; 0: none.
int signals_next(int fd);
// Nothing blocked, everything as at first. For use between fork and exec.
void signals_reset(void);
