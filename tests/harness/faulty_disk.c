#include "harness/faulty_disk.h"

#include "base/memory.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILE_SIZE_MAX ((size_t) 256 << 20U)
#define NAMES_MAX 1024
#define SECTOR 512U
#define PATH_SIZE 512

typedef enum ChangeKind { CHANGE_WRITE, CHANGE_SIZE, CHANGE_GROW } ChangeKind;

typedef struct Change {
	ChangeKind kind;
	uint64_t offset; // or the size
	Buf bytes;
	struct Change *next;
} Change;

struct DiskFile {
	Buf durable;
	Change *first; // since the last sync, in order
	Change *last;
	DiskFile *next; // all files there ever were
};

typedef struct Name {
	char text[DISK_NAME_SIZE];
	DiskFile *file;
} Name;

typedef struct Names {
	Name rows[NAMES_MAX];
	size_t count;
} Names;

typedef enum NameChangeKind { NAME_CREATE, NAME_RENAME, NAME_UNLINK } NameChangeKind;

typedef struct NameChange {
	NameChangeKind kind;
	char from[DISK_NAME_SIZE];
	char to[DISK_NAME_SIZE];
	DiskFile *file;
} NameChange;

struct Disk {
	RandomCase random;
	DiskFile *files;
	Names seen;    // as the system's memory has them
	Names durable; // as the disk has them
	NameChange changes[NAMES_MAX];
	size_t changes_count;
};

static void *make(size_t size)
{
	void *made = memory_allocate_zeroed(1, size);
	assert(made != NULL);
	return made;
}

Disk *disk_make(uint64_t seed)
{
	Disk *disk = make(sizeof *disk);
	disk->random = (RandomCase){seed};
	return disk;
}

RandomCase *disk_random(Disk *disk)
{
	return &disk->random;
}

static void changes_forget(DiskFile *file)
{
	while (file->first != NULL)
	{
		Change *change = file->first;
		file->first = change->next;
		buf_free(&change->bytes);
		memory_free(change);
	}
	file->last = NULL;
}

void disk_free(Disk *disk)
{
	while (disk->files != NULL)
	{
		DiskFile *file = disk->files;
		disk->files = file->next;
		changes_forget(file);
		buf_free(&file->durable);
		memory_free(file);
	}
	memory_free(disk);
}

// ── Names ──

static Name *name_find(Names *names, const char *text)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->rows[i].text, text) == 0)
			return &names->rows[i];
	return NULL;
}

static void name_remove(Names *names, const char *text)
{
	Name *name = name_find(names, text);
	if (name != NULL)
		*name = names->rows[--names->count];
}

static void name_change(Names *names, const NameChange *change)
{
	name_remove(names, change->from);
	if (change->kind == NAME_UNLINK)
		return;
	name_remove(names, change->to);
	assert(names->count < NAMES_MAX);
	Name *name = &names->rows[names->count++];
	memcpy(name->text, change->to, sizeof name->text);
	name->file = change->file;
}

static void names_changed(Disk *disk, NameChangeKind kind, const char *from, const char *to, DiskFile *file)
{
	assert(disk->changes_count < NAMES_MAX && strlen(from) < DISK_NAME_SIZE && strlen(to) < DISK_NAME_SIZE);
	NameChange *change = &disk->changes[disk->changes_count++];
	*change = (NameChange){.kind = kind, .file = file};
	(void) snprintf(change->from, sizeof change->from, "%s", from);
	(void) snprintf(change->to, sizeof change->to, "%s", to);
	name_change(&disk->seen, change);
}

DiskFile *disk_find(Disk *disk, const char *name)
{
	const Name *found = name_find(&disk->seen, name);
	return found == NULL ? NULL : found->file;
}

DiskFile *disk_create(Disk *disk, const char *name)
{
	DiskFile *file = make(sizeof *file);
	buf_init(&file->durable, FILE_SIZE_MAX);
	file->next = disk->files;
	disk->files = file;
	names_changed(disk, NAME_CREATE, name, name, file);
	return file;
}

void disk_rename(Disk *disk, const char *from, const char *to)
{
	names_changed(disk, NAME_RENAME, from, to, disk_find(disk, from));
}

void disk_unlink(Disk *disk, const char *name)
{
	names_changed(disk, NAME_UNLINK, name, "", NULL);
}

static void names_settle(Disk *disk, size_t count)
{
	for (size_t i = 0; i < count; i++)
		name_change(&disk->durable, &disk->changes[i]);
	disk->changes_count -= count;
	memmove(disk->changes, disk->changes + count, disk->changes_count * sizeof *disk->changes);
}

void disk_sync_names(Disk *disk)
{
	names_settle(disk, disk->changes_count);
}

void disk_sync_names_badly(Disk *disk)
{
	names_settle(disk, random_case_below(&disk->random, disk->changes_count + 1));
}

// ── Bytes ──

static void change_add(DiskFile *file, ChangeKind kind, uint64_t offset, Slice bytes)
{
	Change *change = make(sizeof *change);
	change->kind = kind;
	change->offset = offset;
	buf_init(&change->bytes, FILE_SIZE_MAX);
	buf_append_slice(&change->bytes, bytes);
	assert(buf_is_ok(&change->bytes));
	if (file->last == NULL)
		file->first = change;
	else
		file->last->next = change;
	file->last = change;
}

void disk_write(DiskFile *file, uint64_t offset, Slice bytes)
{
	change_add(file, CHANGE_WRITE, offset, bytes);
}

void disk_set_size(DiskFile *file, uint64_t size)
{
	change_add(file, CHANGE_SIZE, size, SLICE_LITERAL(""));
}

void disk_grow(DiskFile *file, uint64_t size)
{
	change_add(file, CHANGE_GROW, size, SLICE_LITERAL(""));
}

static void size_apply(DiskFile *file, uint64_t size)
{
	if (size > file->durable.size)
	{
		size_t added = (size_t) size - file->durable.size;
		char *target = buf_reserve(&file->durable, added);
		assert(target != NULL);
		memset(target, 0, added);
	}
	file->durable.size = (size_t) size;
}

static void write_apply(DiskFile *file, uint64_t offset, Slice bytes)
{
	if (bytes.size == 0)
		return;
	if (offset + bytes.size > file->durable.size)
		size_apply(file, offset + bytes.size);
	memcpy(file->durable.data + offset, bytes.data, bytes.size);
}

static void change_apply(DiskFile *file, const Change *change)
{
	if (change->kind == CHANGE_WRITE)
		write_apply(file, change->offset, buf_slice(&change->bytes));
	else if (change->kind == CHANGE_SIZE || change->offset > file->durable.size)
		size_apply(file, change->offset);
}

void disk_sync(DiskFile *file)
{
	for (const Change *change = file->first; change != NULL; change = change->next)
		change_apply(file, change);
	changes_forget(file);
}

// Each sector is written, or not, or up to a byte.
static void write_apply_partly(Disk *disk, DiskFile *file, const Change *change)
{
	Slice bytes = buf_slice(&change->bytes);
	for (size_t from = 0; from < bytes.size;)
	{
		size_t to = from + SECTOR - (size_t) ((change->offset + from) % SECTOR);
		Slice sector = slice_sub(bytes, from, to);
		size_t fate = random_case_below(&disk->random, 8);
		if (fate < 1)
			sector.size = random_case_below(&disk->random, sector.size);
		if (fate < 4)
			write_apply(file, change->offset + from, sector);
		from = to;
	}
}

void disk_sync_badly(Disk *disk, DiskFile *file)
{
	size_t fate = random_case_below(&disk->random, 4);
	for (const Change *change = file->first; change != NULL && fate != 0; change = change->next)
	{
		if (fate == 1)
			change_apply(file, change);
		else if (change->kind == CHANGE_WRITE)
			write_apply_partly(disk, file, change);
		else if (random_case_below(&disk->random, 2) == 0)
			change_apply(file, change);
	}
	changes_forget(file);
}

// ── The power cut ──

static void folder_clear(Disk *disk, const char *folder)
{
	char path[PATH_SIZE];
	DIR *directory = opendir(folder);
	assert(directory != NULL);
	for (const struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory))
	{
		// Files that others made, such as locks, stay.
		if (name_find(&disk->seen, entry->d_name) == NULL && name_find(&disk->durable, entry->d_name) == NULL)
			continue;
		(void) snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		assert(unlink(path) == 0);
	}
	(void) closedir(directory);
}

void disk_power_cut(Disk *disk, const char *folder)
{
	char path[PATH_SIZE];
	for (DiskFile *file = disk->files; file != NULL; file = file->next)
		disk_sync_badly(disk, file);
	disk_sync_names_badly(disk);
	disk->changes_count = 0;
	folder_clear(disk, folder);
	disk->seen = disk->durable;
	for (size_t i = 0; i < disk->durable.count; i++)
	{
		const Name *name = &disk->durable.rows[i];
		Slice bytes = buf_slice(&name->file->durable);
		(void) snprintf(path, sizeof path, "%s/%s", folder, name->text);
		int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		assert(fd >= 0);
		ssize_t written = write(fd, bytes.data, bytes.size);
		assert(written == (ssize_t) bytes.size);
		(void) close(fd);
	}
}
