#ifndef ESEG_INT8_H
#define ESEG_INT8_H

#endif
