#include "enrich/ip.h"

#include "base/clock.h"
#include "base/memory.h"
#include "enrich/geo.h"
#include "enrich/ip_keys.h"
#include "enrich/ip_ring.h"

struct Ip {
	int64_t age_ms_max; // of accepted hits
	IpKeys *keys;       // NULL: no hash
	IpRing ring;        // empty: no encryption
	Geo *geo;           // NULL: no country
};

static bool is_given(const char *path)
{
	return path != NULL && path[0] != '\0';
}

bool ip_open(const Settings *settings, const char *keys_folder, Ip **ip, Error *error)
{
	Ip *opened = memory_allocate_zeroed(1, sizeof *opened);
	if (opened == NULL)
		return error_set(error, ERROR_MEMORY, "no memory for what becomes of addresses");
	opened->age_ms_max = settings->hit_age_days_max * CLOCK_DAY_MS;
	int64_t oldest_ms = clock_now_ms() - opened->age_ms_max;
	if ((settings->ip_hash && !ip_keys_open(keys_folder, settings->ip_key_rotation, oldest_ms, &opened->keys, error))
		|| (is_given(settings->ip_encryption_key_file)
			&& !ip_ring_read(settings->ip_encryption_key_file, &opened->ring, error))
		|| (is_given(settings->geo_file) && !geo_open(settings->geo_file, &opened->geo, error)))
	{
		ip_close(opened);
		return false;
	}
	*ip = opened;
	return true;
}

void ip_close(Ip *ip)
{
	if (ip == NULL)
		return;
	ip_keys_close(ip->keys);
	ip_ring_wipe(&ip->ring);
	geo_close(ip->geo);
	memory_free(ip);
}

bool ip_check(const Settings *settings, Error *error)
{
	Settings files_only = *settings;
	Ip *ip = NULL;
	files_only.ip_hash = false;
	bool is_ok = ip_open(&files_only, "", &ip, error);
	ip_close(ip);
	return is_ok;
}

bool ip_advance(Ip *ip, int64_t now_ms, Error *error)
{
	return ip->keys == NULL || ip_keys_advance(ip->keys, now_ms - ip->age_ms_max, error);
}

bool ip_enrich(Ip *ip, Slice text, Arena *arena, Hit *hit, Error *error)
{
	Address address;
	if (text.size == 0 || !address_parse(text, &address))
		return true;
	int64_t time_ms = hit_time_ms(hit);
	bool is_ok = true;
	if (ip->keys != NULL)
	{
		Hash128 hash = ip_keys_hash(ip->keys, time_ms, address_network(&address));
		hit->ip_hash = arena_copy(arena, (Slice){(const char *) hash.bytes, sizeof hash.bytes});
		is_ok = hit->ip_hash.data != NULL;
	}
	if (ip->ring.count > 0)
	{
		unsigned char sealed[IP_SEALED_SIZE];
		ip_ring_seal(&ip->ring, time_ms, &address, sealed);
		hit->ip_encrypted = arena_copy(arena, (Slice){(const char *) sealed, sizeof sealed});
		is_ok = is_ok && hit->ip_encrypted.data != NULL;
	}
	if (ip->geo != NULL)
		geo_find(ip->geo, &address, arena, &hit->country, &hit->region);
	return is_ok || error_set(error, ERROR_MEMORY, "no memory for what is kept of an address");
}
