#ifndef ESEG_FLOAT_H
#define ESEG_FLOAT_H

#endif
