"""One module a kind of feature; importing this package registers all of them."""
from features import (activations, attention, convolutions, files, images, joins, layouts, norms, opsets, pools, resizes, tails,
                      transposed)
