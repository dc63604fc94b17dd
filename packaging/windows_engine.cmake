# How the assistant's engine is compiled on Linux for Windows, by the compilers of MinGW-w64: see windows_engine.py.

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR AMD64)
set(CMAKE_C_COMPILER x86_64-w64-mingw32-gcc-posix)
set(CMAKE_CXX_COMPILER x86_64-w64-mingw32-g++-posix)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32-windres)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)

# WORKAROUND gcc.gnu.org/PR54412: takes AVX's values on the stack for aligned, which Windows does not promise.
set(CMAKE_C_FLAGS_INIT -Wa,-muse-unaligned-vector-move)
set(CMAKE_CXX_FLAGS_INIT -Wa,-muse-unaligned-vector-move)

# No Windows has the compiler's own libraries; each part has them within, and keeps them to itself.
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-static -Wl,--exclude-libs,ALL")

# As ggml has it where it does not compile for another system.
foreach(ability SSE42 AVX AVX2 BMI2 FMA F16C)
    set(GGML_${ability} ON CACHE BOOL "")
endforeach()
