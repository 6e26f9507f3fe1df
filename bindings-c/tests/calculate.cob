*> Every conformance vector of calculations: the line that COBOL gets is that of the file.
identification division.
program-id. calculate.

environment division.
input-output section.
file-control.
    select vectors assign to "tests/conformance/calculations.tsv" organization line sequential file status is vectors-status.

data division.
file section.
fd vectors.
01 vector-line       pic x(8192).

working-storage section.
copy "scoreline.cpy".
01 answer            usage pointer value null.
01 error-object      usage pointer value null.
01 answer-text       usage pointer.
01 answer-length     usage binary-double unsigned.
01 code-returned     usage binary-long unsigned.

01 vectors-status    pic xx.
   88 vectors-ok     value "00".
   88 vectors-end    value "10".
01 name-text         pic x(64).
01 name-length       usage binary-long.
01 input-text        pic x(8192).
01 input-length      usage binary-double unsigned.
01 expected          pic x(8192).
01 expected-length   usage binary-long.
01 vector-length     usage binary-long.
01 next-part         usage binary-long.

01 passed            pic 9(6) value 0.
01 failed            pic 9(6) value 0.
01 passed-shown      pic z(5)9.
01 failed-shown      pic z(5)9.

linkage section.
01 answer-line       pic x(8192).

procedure division.
main.
    open input vectors
    perform until not vectors-ok
        read vectors
        if vectors-ok
            perform one-vector
        end-if
    end-perform
    if not vectors-end
        display "the vectors cannot be read: " vectors-status
        add 1 to failed
    end-if
    close vectors
    move passed to passed-shown
    move failed to failed-shown
    display function trim(passed-shown) " passed, " function trim(failed-shown) " failed"
    if failed > 0 or passed < 100
        stop run returning 1
    end-if
    stop run returning 0.

one-vector.
    move function length(function trim(vector-line trailing)) to vector-length
    move 1 to next-part
    unstring vector-line(1:vector-length) delimited by x"09"
        into name-text count in name-length, input-text count in input-length, expected count in expected-length
        with pointer next-part
    string name-text(1:name-length) x"00" delimited by size into name-text
    call static "scoreline_calculate_lines" using by reference name-text input-text by value size auto input-length
        by value size 4 1 by reference answer error-object returning code-returned
    if code-returned not = scoreline-ok
        display name-text(1:name-length) ": code " code-returned
        add 1 to failed
        call static "scoreline_error_free" using by value error-object returning omitted
        exit paragraph
    end-if
    call static "scoreline_answer_text" using by value size auto answer by reference answer-length returning answer-text
    set address of answer-line to answer-text
    *> The line ends with a line feed.
    if answer-length = expected-length + 1 and answer-line(1:expected-length) = expected(1:expected-length)
        add 1 to passed
    else
        display name-text(1:name-length) " differs"
        add 1 to failed
    end-if
    call static "scoreline_answer_free" using by value size auto answer returning omitted.
