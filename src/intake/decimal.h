// Numbers of events: decimals as text, made to fit numeric(10,2).
#pragma once
#include "base/error.h"
#include "base/slice.h"

#define DECIMAL_SIZE 16

// "-12.345e1" → "-123.45": rounded half away from zero to two places. False on anything that is no number or beyond
// ±99999999.99.
bool decimal_format(Slice number, char text[DECIMAL_SIZE]);
