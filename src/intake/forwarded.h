// Whom the proxies in front of us saw.
#pragma once
#include "base/slice.h"

// Each proxy adds, at the right end of a list that may be spread over several header lines, the address its request came
// from. So of `hops` trusted proxies the hops-th entry from the right is the client; what stands left of it is the client's
// own to make up. Where fewer stand there, a proxy was left out, or does not add: then the left-most is the best a trusted one
// saw. No entry at all gives the peer. The entry as it is written, with port, brackets or quotes; it may be no address
// ("unknown"), and then none is known.
//
// `lines` in the order of the request. As RFC 7239 has it (Forwarded) an entry is what stands behind for=, SLICE_NONE where
// it has none.
Slice forwarded_address(const Slice *lines, size_t count, int64_t hops, bool is_rfc7239, Slice peer);
