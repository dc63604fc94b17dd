/* A part of ICU that Windows 10 has, Wine has not, and Qt's library wants before it loads: the converters of old
 * encodings. There is none here; QStringDecoder then says that it does not know the encoding. */
#define EXPORT __declspec(dllexport)
#define NO_SUCH_FILE 4 /* U_FILE_ACCESS_ERROR of ICU's utypes.h */

EXPORT void *ucnv_open(const char *name, int *error) { *error = NO_SUCH_FILE; return 0; }
EXPORT int ucnv_countAvailable(void) { return 0; }
EXPORT const char *ucnv_getAvailableName(int index) { return 0; }
EXPORT const char *ucnv_getStandardName(const char *name, const char *standard, int *error) { return 0; }

/* Called with a converter only. */
EXPORT void UCNV_FROM_U_CALLBACK_SUBSTITUTE(void) {}
EXPORT void UCNV_TO_U_CALLBACK_SUBSTITUTE(void) {}
EXPORT void ucnv_cbFromUWriteUChars(void) {}
EXPORT void ucnv_cbToUWriteUChars(void) {}
EXPORT void ucnv_close(void) {}
EXPORT void ucnv_fromUCountPending(void) {}
EXPORT void ucnv_fromUnicode(void) {}
EXPORT void ucnv_getFromUCallBack(void) {}
EXPORT void ucnv_getMaxCharSize(void) {}
EXPORT void ucnv_getName(void) {}
EXPORT void ucnv_getToUCallBack(void) {}
EXPORT void ucnv_reset(void) {}
EXPORT void ucnv_setFromUCallBack(void) {}
EXPORT void ucnv_setToUCallBack(void) {}
EXPORT void ucnv_toUCountPending(void) {}
EXPORT void ucnv_toUnicode(void) {}
