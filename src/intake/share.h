// What each write key has waiting in the buffer, and whether it may have more.
//
// A key may have at most SHARE_OF_ROOM times what is still free. So the fuller the buffer, the less each may hold: a key that
// floods leaves a fifth of the room it found to all others, two that flood at once leave a ninth, and there is room however
// many flood; a key of which little waits is refused last. (Choudhury and Hahne, "Dynamic queue length thresholds for shared-memory packet
// switches", 1998.)
//
// What waits of a key is counted in when it is appended. What the loader takes is the oldest, of whichever key; it is counted
// out of all in proportion. So the figure is about right, and right again when the buffer is empty. What waited before the
// collector began is nobody's.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define SHARE_OF_ROOM 4

// How full the buffer is.
typedef struct ShareRoom {
	uint64_t appended_bytes; // ever, by this process
	uint64_t waiting_bytes;  // now, for the loader
	uint64_t bytes_max;
} ShareRoom;

bool share_is_over(uint64_t key_bytes, const ShareRoom *room);
// What still waits of `key_bytes` of a key after the loader went on between `before` and `after`.
uint64_t share_left(uint64_t key_bytes, const ShareRoom *before, const ShareRoom *after);
