#include "buffer/buffer.h"

int buffer_position_compare(BufferPosition left, BufferPosition right)
{
	if (left.segment != right.segment)
		return left.segment < right.segment ? -1 : 1;
	return (left.offset > right.offset) - (left.offset < right.offset);
}
