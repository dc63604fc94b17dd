# What of llama.cpp the engine is: the library, without the common part of its programs, which is 40 % of the work.
# llama-cpp-python puts that part on in the cache, so no option takes it out; a variable goes before the cache.
set(LLAMA_BUILD_COMMON OFF)
