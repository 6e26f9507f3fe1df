*> The copybook of reviews has the size that the library expects.
identification division.
program-id. review-size.

data division.
working-storage section.
copy "scoreline.cpy".
01 review.
   copy "scoreline-review.cpy" replacing ==:r:== by ==review==.

01 byte-count usage binary-long.

procedure division.
    move function byte-length(review) to byte-count
    if byte-count = scoreline-review-size
        display "1 passed, 0 failed"
        stop run returning 0
    end-if
    display "0 passed, 1 failed: the copybook has " byte-count " bytes"
    stop run returning 1.
