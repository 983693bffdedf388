/*
 * How pam_c2m.so says its version: nothing asks a module, so it stands in the file, as what(1) finds it.
 */
#ifndef C2M_MODULE_VERSION_H
#define C2M_MODULE_VERSION_H

#define C2M_MODULE_VERSION_MARK "@(#)pam_c2m " /* the version and a NUL follow */

#endif
