*> The copybook of reviews has the size that the library expects.
identification division.
program-id. review-size.

data division.
working-storage section.
copy "scoreline.cpy".
01 review.
   copy "scoreline-review.cpy" replacing ==:r:== by ==review==.

procedure division.
    if function byte-length(review) = scoreline-review-size
        display "1 passed, 0 failed"
        stop run returning 0
    end-if
    display "0 passed, 1 failed: the copybook has " function byte-length(review) " bytes"
    stop run returning 1.
