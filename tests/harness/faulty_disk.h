// What the disk behind faulty_files holds: for each file its durable bytes and the changes since, for the folder its
// durable names and the changes since.
#pragma once
#include "base/buf.h"
#include "harness/random_case.h"

#include <sys/types.h>

#define DISK_NAME_SIZE 64

typedef struct DiskFile DiskFile;
typedef struct Disk Disk;

Disk *disk_make(uint64_t seed);
void disk_free(Disk *disk);
RandomCase *disk_random(Disk *disk);

// ── Names, as the system's memory has them ──
DiskFile *disk_find(Disk *disk, const char *name); // NULL: no such file
DiskFile *disk_create(Disk *disk, const char *name);
void disk_rename(Disk *disk, const char *from, const char *to);
void disk_unlink(Disk *disk, const char *name);
void disk_sync_names(Disk *disk);
void disk_sync_names_badly(Disk *disk);

// ── Bytes ──
void disk_write(DiskFile *file, uint64_t offset, Slice bytes);
void disk_set_size(DiskFile *file, uint64_t size);
void disk_grow(DiskFile *file, uint64_t size); // to at least `size`
void disk_sync(DiskFile *file);
void disk_sync_badly(Disk *disk, DiskFile *file);

// Chance decides what becomes of all that is not durable; then the folder is made to hold just that.
void disk_power_cut(Disk *disk, const char *folder);
