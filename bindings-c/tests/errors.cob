identification division.
program-id. errors.

data division.
working-storage section.
01 error-object   usage pointer value null.
01 code-returned  usage binary-long unsigned.
01 days           usage binary-long.
01 day-text       pic x(11).
01 passed         pic 9(4) value 0.
01 failed         pic 9(4) value 0.
01 passed-text    pic z(3)9.
01 failed-text    pic z(3)9.

procedure division.
    move z"2024-02-29" to day-text
    call static "scoreline_date_parse" using by reference day-text days error-object returning code-returned
    if code-returned = 0 and days = 19782 and error-object = null
        add 1 to passed
    else
        display "a day is not read: " code-returned " " days
        add 1 to failed
    end-if

    move z"2024-02-30" to day-text
    call static "scoreline_date_parse" using by reference day-text days error-object returning code-returned
    if code-returned = 2 and error-object not = null
        add 1 to passed
    else
        display "a day that does not exist is not refused: " code-returned
        add 1 to failed
    end-if

    call static "scoreline_error_code" using by value error-object returning code-returned
    if code-returned = 2
        add 1 to passed
    else
        display "the error object says " code-returned
        add 1 to failed
    end-if
    call static "scoreline_error_free" using by value error-object returning omitted

    move passed to passed-text
    move failed to failed-text
    display function trim(passed-text) " passed, " function trim(failed-text) " failed"
    if failed > 0
        stop run returning 1
    end-if
    stop run returning 0.
