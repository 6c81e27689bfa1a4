// A FileSystem over one real folder that fails when told to, and that knows what a disk would hold after a power cut:
// what was synced, and of the rest whatever chance leaves of it: nothing, all, sectors in any order, a sector torn at a
// byte. The names of files are as durable as the last sync of the folder, and of later changes the first few.
// A sync that fails leaves as much as a power cut would, and what it did not take is never asked of the disk again, though
// the system's memory goes on showing it: as Linux does.
//
// Only files opened through it are known to it; other readers see the folder as the system's memory shows it.
#pragma once
#include "base/file.h"

typedef struct FaultyFiles FaultyFiles;

FaultyFiles *faulty_files_make(const char *folder, uint64_t seed);
void faulty_files_free(FaultyFiles *faulty);
const FileSystem *faulty_files_table(const FaultyFiles *faulty);

typedef enum Fault {
	FAULT_INPUT_OUTPUT, // any call: EIO
	FAULT_NO_SPACE,     // calls that need room: ENOSPC; others EIO
	FAULT_SHORT,        // a write takes less than it was given; other calls do not fail
	FAULT_UNSUPPORTED,  // allocation: EOPNOTSUPP; other calls do not fail
	FAULT_KILL,         // the process is killed before the call (see faulty_files_kill)
	FAULT_KINDS
} Fault;

// The calls `nth` to `nth + count - 1` from now have the fault. close() does not count, and never fails.
void faulty_files_fail(FaultyFiles *faulty, Fault fault, uint64_t nth, uint64_t count);
uint64_t faulty_files_calls(const FaultyFiles *faulty); // so far
// While it is full, nothing can be allocated and no file made.
void faulty_files_set_full(FaultyFiles *faulty, bool is_full);

// The process is killed: whatever its remains call fails and does nothing.
void faulty_files_kill(FaultyFiles *faulty);
// The next process begins: the system's memory holds everything still, no call fails.
void faulty_files_restart(FaultyFiles *faulty);
// The power is cut, and comes back: the folder now holds what the disk does. All files must be closed.
void faulty_files_power_cut(FaultyFiles *faulty);
