#include "base/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const JsonValue *json_get(const JsonValue *object, const char *key)
{
	if (!json_is_object(object))
		return NULL;
	Slice wanted = slice_from(key);
	for (const JsonValue *child = object->first; child != NULL; child = child->next)
		if (slice_equal(child->key, wanted))
			return child;
	return NULL;
}

Slice json_string(const JsonValue *value)
{
	return value != NULL && value->type == JSON_STRING ? value->text : SLICE_NONE;
}

Slice json_scalar(const JsonValue *value)
{
	if (value == NULL)
		return SLICE_NONE;
	switch (value->type)
	{
	case JSON_STRING:
	case JSON_NUMBER:
		return value->text;
	case JSON_TRUE:
		return SLICE_LITERAL("true");
	case JSON_FALSE:
		return SLICE_LITERAL("false");
	default:
		return SLICE_NONE;
	}
}

bool json_is_object(const JsonValue *value)
{
	return value != NULL && value->type == JSON_OBJECT;
}

bool json_is_array(const JsonValue *value)
{
	return value != NULL && value->type == JSON_ARRAY;
}

bool json_bool(const JsonValue *value, bool *truth)
{
	if (value == NULL || (value->type != JSON_TRUE && value->type != JSON_FALSE))
		return false;
	*truth = value->type == JSON_TRUE;
	return true;
}

// A number taken apart: ± whole . fraction e exponent.
typedef struct Decimal {
	bool is_negative;
	Slice whole;
	Slice fraction;
	int64_t exponent; // held within ± EXPONENT_LIMIT
} Decimal;

#define EXPONENT_LIMIT ((int64_t) 1000000)

static Slice digits_take(Slice *text)
{
	size_t size = 0;
	while (size < text->size && text->data[size] >= '0' && text->data[size] <= '9')
		size++;
	Slice digits = slice_sub(*text, 0, size);
	*text = slice_sub(*text, size, text->size);
	return digits;
}

static bool exponent_take(Slice *text, int64_t *exponent)
{
	bool is_negative = text->size > 0 && text->data[0] == '-';
	if (text->size > 0 && (text->data[0] == '-' || text->data[0] == '+'))
		*text = slice_sub(*text, 1, text->size);
	Slice digits = digits_take(text);
	int64_t result = 0;
	for (size_t i = 0; i < digits.size && result < EXPONENT_LIMIT; i++)
		result = result * 10 + (digits.data[i] - '0');
	if (result > EXPONENT_LIMIT)
		result = EXPONENT_LIMIT;
	*exponent = is_negative ? -result : result;
	return digits.size > 0;
}

static bool decimal_read(Slice text, Decimal *decimal)
{
	*decimal = (Decimal){.fraction = SLICE_LITERAL("")};
	decimal->is_negative = text.size > 0 && text.data[0] == '-';
	if (decimal->is_negative)
		text = slice_sub(text, 1, text.size);
	decimal->whole = digits_take(&text);
	if (decimal->whole.size == 0)
		return false;
	if (text.size > 0 && text.data[0] == '.')
	{
		text = slice_sub(text, 1, text.size);
		decimal->fraction = digits_take(&text);
		if (decimal->fraction.size == 0)
			return false;
	}
	if (text.size > 0 && (text.data[0] == 'e' || text.data[0] == 'E'))
	{
		text = slice_sub(text, 1, text.size);
		if (!exponent_take(&text, &decimal->exponent))
			return false;
	}
	return text.size == 0;
}

static bool number_text(const JsonValue *value, Slice *text)
{
	if (value == NULL || (value->type != JSON_NUMBER && value->type != JSON_STRING))
		return false;
	*text = value->text;
	return true;
}

// The digits of whole and fraction are one row; `point` says how many of them stand before the point once the exponent has
// moved it. Counted downwards, so that the least int64 fits.
static bool decimal_to_int64(const Decimal *decimal, int64_t *number)
{
	int64_t whole_size = (int64_t) decimal->whole.size;
	int64_t count = whole_size + (int64_t) decimal->fraction.size;
	int64_t point = whole_size + decimal->exponent;
	int64_t result = 0;
	for (int64_t i = 0; i < count; i++)
	{
		int64_t digit = (i < whole_size ? decimal->whole.data[i] : decimal->fraction.data[i - whole_size]) - '0';
		if (i >= point && digit != 0)
			return false;
		if (i < point
			&& (__builtin_mul_overflow(result, 10, &result) || __builtin_sub_overflow(result, digit, &result)))
			return false;
	}
	for (int64_t i = count; i < point && result != 0; i++)
		if (__builtin_mul_overflow(result, 10, &result))
			return false;
	if (!decimal->is_negative && __builtin_sub_overflow((int64_t) 0, result, &result))
		return false;
	*number = result;
	return true;
}

bool json_int64(const JsonValue *value, int64_t *number)
{
	Slice text = SLICE_NONE;
	Decimal decimal;
	return number_text(value, &text) && decimal_read(text, &decimal) && decimal_to_int64(&decimal, number);
}

bool json_double(const JsonValue *value, double *number)
{
	Slice text = SLICE_NONE;
	Decimal decimal;
	char terminated[JSON_NUMBER_SIZE_MAX + 1];
	if (!number_text(value, &text) || !decimal_read(text, &decimal) || text.size >= sizeof terminated)
		return false;
	memcpy(terminated, text.data, text.size);
	terminated[text.size] = '\0';
	double result = strtod(terminated, NULL);
	if (!isfinite(result))
		return false;
	*number = result;
	return true;
}

bool json_number_is_storable(Slice number)
{
	Decimal decimal;
	return number.size <= JSON_NUMBER_SIZE_MAX && decimal_read(number, &decimal)
		&& decimal.exponent <= JSON_NUMBER_EXPONENT_MAX && decimal.exponent >= -JSON_NUMBER_EXPONENT_MAX;
}
