// An empty folder for one test, removed with all that is in it.
#pragma once

#define TEST_FOLDER_SIZE 64

void test_folder_make(char path[TEST_FOLDER_SIZE]);
void test_folder_remove(const char *path);
