#include "intake/share.h"

bool share_is_over(uint64_t key_bytes, const ShareRoom *room)
{
	uint64_t free_bytes = room->bytes_max > room->waiting_bytes ? room->bytes_max - room->waiting_bytes : 0;
	return key_bytes / SHARE_OF_ROOM >= free_bytes;
}

uint64_t share_left(uint64_t key_bytes, const ShareRoom *before, const ShareRoom *after)
{
	uint64_t held = before->waiting_bytes + (after->appended_bytes - before->appended_bytes);
	if (held == 0 || after->waiting_bytes >= held)
		return key_bytes;
	return (uint64_t) ((double) key_bytes * ((double) after->waiting_bytes / (double) held));
}
