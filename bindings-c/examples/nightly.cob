*> Reviews a book of accounts overnight, block by block, and writes what follows for each account. The records are read where they lie:
*> packed, zoned and binary fields are decoded by the library, exactly.
*>
*> The output and the ledger of the run stand beside it under temporary names; the output gets its name when the run is closed. A run
*> that was interrupted goes on at the first block that is not done, and comes to the same bytes.
*>
*> usage: nightly MODEL.json BOOK OUTPUT TODAY MAX-DOWNGRADED [FORCED-BY|-] [STOP-AFTER]
*> MAX-DOWNGRADED is in hundredths of a per cent. STOP-AFTER blocks it stops, as a failure would stop it.
identification division.
program-id. nightly.

environment division.
input-output section.
file-control.
    select book assign to dynamic book-path organization sequential file status is book-status.

data division.
file section.
*> The record of an account; nightly.h has the same in C.
fd book.
01 account-record.
   05 account             pic x(12).
   05 tier-before         pic x.
   05 since-before        pic 9(8).
   05 months-on-book      pic s9(3) usage comp-3.
   05 payment-ratio       pic s9v9(4) usage comp-3.
   05 inflow              pic s9(9)v99 usage comp-3.
   05 credit-limit        pic s9(9)v99 usage comp-3.
   05 balance             pic s9(9)v99 usage comp-3.
   05 dpd                 pic s9(3) usage comp-3.
   05 bureau              pic 9(3).
   05 returned-debits     pic s9(4) usage comp.
   05 days-since-change   pic s9(5) usage comp-3.
   05 contactable         pic x.
   05 do-not-contact      pic x.
   05 hardship            pic x.
   05 stage               pic x(7).
   05 industry            pic x(8).
   05 filler              pic x(8).

working-storage section.
copy "scoreline.cpy".
*> The hash of the layout that this program was written for.
01 layout-hash       pic x(65) value z"c623048f94fef00ded42cdb5c89750829c5075851e768714846256fa4429f599".
01 block-size        constant as 50000.
01 answer-size       constant as 101.

01 scorer            usage pointer value null.
01 layout            usage pointer value null.
01 book-run          usage pointer value null.
01 refused           usage pointer value null.
01 error-object      usage pointer value null.
01 code-returned     usage binary-long unsigned.

01 model-path        pic x(512).
01 book-path         pic x(512).
01 output-path       pic x(512).
01 part-path         pic x(512).
01 ledger-path       pic x(512).
01 unfinished-path   pic x(512).
01 argument-text     pic x(64).
01 forced-by         pic x(64) value spaces.
01 forced-pointer    usage pointer value null.
01 day-text          pic x(64).
01 today             usage binary-long.
01 max-downgraded    usage binary-long.
01 max-upgraded      usage binary-long value -1.
01 blocks-left       usage binary-long value -1.
01 book-status       pic xx.
   88 book-ok        value "00".
   88 book-end       value "10".

*> Arguments by value need items of their length.
01 record-length     usage binary-double unsigned.
01 field-name        pic x(64).
01 field-index       usage binary-double unsigned.
01 offset            usage binary-double unsigned.
01 width             usage binary-double unsigned.
01 scale             usage binary-long.
01 page-code         usage binary-long unsigned value scoreline-page-utf8.
01 sign-code         usage binary-long unsigned value scoreline-sign-none.
01 order-code        usage binary-long unsigned value scoreline-order-big.
01 blank-code        usage binary-long unsigned value scoreline-blank-refused.
01 since-offset      usage binary-double unsigned.
01 thread-count      usage binary-long unsigned value 0.
01 capacity          usage binary-double unsigned value block-size.

01 block-number      usage binary-double unsigned.
01 row-count         usage binary-double unsigned.
01 row-at            usage binary-long.
01 block-records.
   05 record-text    pic x(80) occurs block-size times.
01 review-table.
   05 review         occurs block-size times.
      copy "scoreline-review.cpy" replacing ==:r:== by ==review==.
01 answers.
   05 answer         occurs block-size times.
      10 answer-account  pic x(12).
      10 answer-status   pic 9(2).
      10 answer-tier     pic x.
      10 answer-since    pic 9(8).
      10 answer-before   pic x.
      10 answer-action   pic x(16).
      10 answer-reason   pic x(10) occurs 4 times.
      10 answer-next     pic 9(8).
      10 answer-limit    pic 9(13).

*> Codes by their numbers, so that the library is asked once for each.
01 code-index        usage binary-double unsigned.
01 code-count        usage binary-double unsigned.
01 code-pointer      usage pointer.
01 action-codes.
   05 action-code    pic x(16) occurs 256 times.
01 reason-codes.
   05 reason-code    pic x(10) occurs 256 times.
01 reason-at         usage binary-long.

01 ledger            pic x(1000000).
01 ledger-size       usage binary-double unsigned value 1000000.
01 ledger-length     usage binary-double unsigned.

01 file-handle       pic x(4).
01 file-mode         pic x comp-x.
01 file-deny         pic x comp-x value 0.
01 file-device       pic x comp-x value 0.
01 file-offset       pic x(8) comp-x.
01 file-count        pic x(4) comp-x.
01 file-flags        pic x comp-x value 0.
01 file-details.
   05 file-size      pic x(8) comp-x.
   05 filler         pic x(8).
01 output-handle     pic x(4).

01 total-name        pic x(24).
01 total-value       usage binary-double.
01 total-shown       pic -(14)9.
01 tier-from         usage binary-long unsigned.
01 tier-to           usage binary-long unsigned.
01 move-count        usage binary-double unsigned.
01 from-letter       pic x.
01 level             pic 9.
01 letters           pic x(4) value "ABCD".
01 hex               pic x(scoreline-digest-size).
01 hex-size          usage binary-double unsigned value scoreline-digest-size.
01 message-pointer   usage pointer.
01 message-line      pic x(2048).
01 problem-at        usage binary-double unsigned.
01 problem-count     usage binary-double unsigned.
01 problem-row       usage binary-double.
01 row-shown         pic z(8)9.
01 block-shown       pic z(8)9.

linkage section.
01 c-text            pic x(2048).

procedure division.
main.
    perform read-arguments
    call static "scoreline_scorer_load" using by reference model-path scorer error-object returning code-returned
    perform check
    call static "scoreline_date_parse" using by reference day-text today error-object returning code-returned
    perform check
    perform lay-out
    perform read-codes
    perform take-up

    open input book
    if not book-ok
        display "the book cannot be read" upon syserr
        stop run returning 1
    end-if
    perform skip-done
    perform read-block
    perform until row-count = 0
        perform run-block
        add 1 to block-number
        perform read-block
    end-perform
    close book
    call "CBL_CLOSE_FILE" using output-handle

*>  Nothing is handed on when too much moved.
    call static "scoreline_run_close" using by value size auto book-run max-downgraded max-upgraded forced-pointer
        by reference error-object returning code-returned
    perform check
    perform print-totals
    call "CBL_RENAME_FILE" using part-path output-path
    if return-code not = 0
        display "the output cannot be renamed" upon syserr
        stop run returning 1
    end-if
    call "CBL_DELETE_FILE" using ledger-path

    call static "scoreline_run_free" using by value size auto book-run returning omitted
    call static "scoreline_layout_free" using by value size auto layout returning omitted
    call static "scoreline_scorer_free" using by value size auto scorer returning omitted
    stop run returning 0.

read-arguments.
    accept model-path from argument-value
    accept book-path from argument-value
    accept output-path from argument-value
    accept day-text from argument-value
    accept argument-text from argument-value
    compute max-downgraded = function numval(argument-text)
    move spaces to argument-text
    accept argument-text from argument-value on exception continue end-accept
    if argument-text not = spaces and argument-text not = "-"
        string function trim(argument-text) x"00" delimited by size into forced-by
        set forced-pointer to address of forced-by
    end-if
    move spaces to argument-text
    accept argument-text from argument-value on exception continue end-accept
    if argument-text not = spaces
        compute blocks-left = function numval(argument-text)
    end-if
    string function trim(model-path) x"00" delimited by size into model-path
    string function trim(day-text) x"00" delimited by size into day-text
    string function trim(output-path) ".part" delimited by size into part-path
    string function trim(output-path) ".ledger" delimited by size into ledger-path
    string function trim(output-path) ".unfinished" delimited by size into unfinished-path.

lay-out.
    move function byte-length(account-record) to record-length
    call static "scoreline_layout_new" using by value size auto scorer record-length page-code by reference layout error-object
        returning code-returned
    perform check
    move z"months_on_book" to field-name
    move 21 to offset
    move 2 to width
    move 0 to scale
    perform lay-packed
    move z"payment_ratio" to field-name
    move 23 to offset
    move 3 to width
    move 4 to scale
    perform lay-packed
    move z"inflow" to field-name
    move 26 to offset
    move 6 to width
    move 2 to scale
    perform lay-packed
    move z"credit_limit" to field-name
    move 32 to offset
    perform lay-packed
    move z"balance" to field-name
    move 38 to offset
    perform lay-packed
    move z"dpd" to field-name
    move 44 to offset
    move 2 to width
    move 0 to scale
    perform lay-packed
    move z"days_since_change" to field-name
    move 51 to offset
    move 3 to width
    move scoreline-blank-spaces to blank-code
    perform lay-packed

    move z"bureau" to field-name
    perform find-field
    move 46 to offset
    call static "scoreline_layout_zoned" using by value size auto layout field-index offset width scale sign-code blank-code
        by reference error-object returning code-returned
    perform check
    move z"returned_debits" to field-name
    perform find-field
    move 49 to offset
    move 2 to width
    call static "scoreline_layout_binary" using by value size auto layout field-index offset width scale order-code
        by reference error-object returning code-returned
    perform check

    move z"contactable" to field-name
    move 54 to offset
    perform lay-flag
    move z"do_not_contact" to field-name
    move 55 to offset
    perform lay-flag
    move z"hardship" to field-name
    move 56 to offset
    perform lay-flag

    move z"stage" to field-name
    move 57 to offset
    move 7 to width
    perform lay-text
    move z"industry" to field-name
    move 64 to offset
    move 8 to width
    perform lay-text

    move 12 to offset
    move 13 to since-offset
    call static "scoreline_layout_standing" using by value size auto layout offset since-offset by reference error-object
        returning code-returned
    perform check
    call static "scoreline_layout_check" using by value size auto layout by reference layout-hash error-object
        returning code-returned
    perform check.

find-field.
    call static "scoreline_scorer_field" using by value size auto scorer by reference field-name field-index error-object
        returning code-returned
    perform check.

lay-packed.
    perform find-field
    call static "scoreline_layout_packed" using by value size auto layout field-index offset width scale blank-code
        by reference error-object returning code-returned
    perform check.

lay-flag.
    perform find-field
    call static "scoreline_layout_flag" using by value size auto layout field-index offset by reference "YN" error-object
        returning code-returned
    perform check.

lay-text.
    perform find-field
    call static "scoreline_layout_text" using by value size auto layout field-index offset width by reference error-object
        returning code-returned
    perform check.

read-codes.
    move spaces to action-codes reason-codes
    call static "scoreline_scorer_action_count" using by value size auto scorer returning code-count
    perform varying code-index from 0 by 1 until code-index = code-count
        call static "scoreline_scorer_action_code" using by value size auto scorer code-index returning code-pointer
        set address of c-text to code-pointer
        string c-text delimited by x"00" into action-code(code-index + 1)
    end-perform
    call static "scoreline_scorer_reason_count" using by value size auto scorer returning code-count
    perform varying code-index from 0 by 1 until code-index = code-count
        call static "scoreline_scorer_reason_code" using by value size auto scorer code-index returning code-pointer
        set address of c-text to code-pointer
        string c-text delimited by x"00" into reason-code(code-index + 1)
    end-perform.

*> The ledger of an interrupted run, or a new one.
take-up.
    call "CBL_CHECK_FILE_EXIST" using ledger-path file-details
    if return-code = 0
        move file-size to ledger-length file-count
        if ledger-length > ledger-size
            display "the ledger is longer than this program holds" upon syserr
            stop run returning 1
        end-if
        move 1 to file-mode
        call "CBL_OPEN_FILE" using ledger-path file-mode file-deny file-device file-handle
        move 0 to file-offset
        call "CBL_READ_FILE" using file-handle file-offset file-count file-flags ledger
        if return-code not = 0
            display "the ledger cannot be read" upon syserr
            stop run returning 1
        end-if
        call "CBL_CLOSE_FILE" using file-handle
        call static "scoreline_run_parse" using by value size auto scorer today by reference ledger
            by value size auto ledger-length by reference book-run error-object returning code-returned
        perform check
        move 3 to file-mode
        call "CBL_OPEN_FILE" using part-path file-mode file-deny file-device output-handle
    else
        call static "scoreline_run_new" using by value size auto scorer today by reference book-run error-object
            returning code-returned
        perform check
        move 2 to file-mode
        call "CBL_CREATE_FILE" using part-path file-mode file-deny file-device output-handle
    end-if
    if return-code not = 0
        display "the output cannot be opened" upon syserr
        stop run returning 1
    end-if
    call static "scoreline_run_next_block" using by value size auto book-run returning block-number.

skip-done.
    compute code-count = block-number * block-size
    perform until code-count = 0 or book-end
        read book
        subtract 1 from code-count
    end-perform.

read-block.
    move 0 to row-count
    perform until row-count = block-size or book-end
        read book
            not at end
                add 1 to row-count
                move account-record to record-text(row-count)
        end-read
    end-perform.

run-block.
    if blocks-left = 0
        display "stopped" upon syserr
        stop run returning 1
    end-if
    subtract 1 from blocks-left
    move scoreline-review-size to review-size(1)
    call static "scoreline_run_block" using by value size auto book-run layout block-number by reference block-records
        by value size auto row-count thread-count by reference review-table by value size auto capacity
        by reference refused error-object returning code-returned
    perform check
    perform show-refused
    perform varying row-at from 1 by 1 until row-at > row-count
        perform write-answer
    end-perform
    compute file-offset = block-number * block-size * answer-size
    compute file-count = row-count * answer-size
    call "CBL_WRITE_FILE" using output-handle file-offset file-count file-flags answers
    if return-code not = 0
        display "the output cannot be written" upon syserr
        stop run returning 1
    end-if
    perform keep-ledger.

show-refused.
    call static "scoreline_error_problem_count" using by value size auto refused returning problem-count
    perform varying problem-at from 0 by 1 until problem-at = problem-count
        call static "scoreline_error_problem_row" using by value size auto refused problem-at returning problem-row
        call static "scoreline_error_problem_field" using by value size auto refused problem-at returning message-pointer
        set address of c-text to message-pointer
        move problem-row to row-shown
        move block-number to block-shown
        move spaces to message-line
        string "block " function trim(block-shown) ", record " function trim(row-shown) ", " delimited by size
            c-text delimited by x"00" into message-line
        display function trim(message-line) upon syserr
    end-perform
    call static "scoreline_error_free" using by value size auto refused returning omitted.

write-answer.
    move spaces to answer(row-at)
    move record-text(row-at)(1:12) to answer-account(row-at)
    move review-status(row-at) to answer-status(row-at)
    move 0 to answer-since(row-at) answer-next(row-at) answer-limit(row-at)
    if review-status(row-at) = scoreline-ok
        move letters(review-tier(row-at) + 1:1) to answer-tier(row-at)
        if review-previous(row-at) not = scoreline-none
            move letters(review-previous(row-at) + 1:1) to answer-before(row-at)
        end-if
        compute answer-since(row-at) = function date-of-integer(review-since(row-at) + 134775)
        compute answer-next(row-at) = function date-of-integer(review-next-review(row-at) + 134775)
        move action-code(review-action(row-at) + 1) to answer-action(row-at)
        perform varying reason-at from 1 by 1 until reason-at > review-reason-count(row-at)
            move reason-code(review-reason(row-at, reason-at) + 1) to answer-reason(row-at, reason-at)
        end-perform
        if review-limit(row-at) not = scoreline-no-money
            move review-limit(row-at) to answer-limit(row-at)
        end-if
    end-if.

*> The ledger gets its name when it is whole.
keep-ledger.
    call static "scoreline_run_json" using by value size auto book-run by reference ledger by value size auto ledger-size
        by reference ledger-length error-object returning code-returned
    perform check
    move 2 to file-mode
    call "CBL_CREATE_FILE" using unfinished-path file-mode file-deny file-device file-handle
    move 0 to file-offset
    move ledger-length to file-count
    call "CBL_WRITE_FILE" using file-handle file-offset file-count file-flags ledger
    if return-code not = 0
        display "the ledger cannot be written" upon syserr
        stop run returning 1
    end-if
    call "CBL_CLOSE_FILE" using file-handle
    call "CBL_RENAME_FILE" using unfinished-path ledger-path.

print-totals.
    move z"rows"            to total-name  perform print-total
    move z"refused"         to total-name  perform print-total
    move z"changed"         to total-name  perform print-total
    move z"first"           to total-name  perform print-total
    move z"forced"          to total-name  perform print-total
    move z"referred"        to total-name  perform print-total
    move z"declined"        to total-name  perform print-total
    move z"overlaid"        to total-name  perform print-total
    move z"expired"         to total-name  perform print-total
    move z"limits"          to total-name  perform print-total
    move z"held.no"         to total-name  perform print-total
    move z"held.band"       to total-name  perform print-total
    move z"held.dwell"      to total-name  perform print-total
    move z"held.step"       to total-name  perform print-total
    move z"held.ceiling"    to total-name  perform print-total
    move z"change.keep"     to total-name  perform print-total
    move z"change.increase" to total-name  perform print-total
    move z"change.decrease" to total-name  perform print-total
    move z"change.unknown"  to total-name  perform print-total
*>  As many levels of early warning as the model has.
    perform varying level from 0 by 1 until code-returned not = scoreline-ok
        move spaces to total-name
        string "warning." level x"00" delimited by size into total-name
        call static "scoreline_run_total" using by value size auto book-run by reference total-name total-value error-object
            returning code-returned
        if code-returned = scoreline-ok
            perform show-total
        end-if
    end-perform
    call static "scoreline_error_free" using by value size auto error-object returning omitted
    call static "scoreline_scorer_action_count" using by value size auto scorer returning code-count
    perform varying code-index from 1 by 1 until code-index > code-count
        move spaces to total-name
        string "action." function trim(action-code(code-index)) x"00" delimited by size into total-name
        perform print-total
    end-perform
    perform varying tier-from from 0 by 1 until tier-from = 4
        move letters(tier-from + 1:1) to from-letter
        perform print-moves
    end-perform
    move scoreline-none to tier-from
    move "-" to from-letter
    perform print-moves
    call static "scoreline_run_hash" using by value size auto book-run by reference hex by value size auto hex-size
        by reference error-object returning code-returned
    perform check
    move "hash" to total-name
    display total-name " " hex(1:64).

print-moves.
    perform varying tier-to from 0 by 1 until tier-to = 4
        call static "scoreline_run_move" using by value size auto book-run tier-from tier-to by reference move-count error-object
            returning code-returned
        perform check
        move move-count to total-value
        move spaces to total-name
        string from-letter " to " letters(tier-to + 1:1) delimited by size into total-name
        perform show-total
    end-perform.

print-total.
    call static "scoreline_run_total" using by value size auto book-run by reference total-name total-value error-object
        returning code-returned
    perform check
    perform show-total.

show-total.
    move total-value to total-shown
    inspect total-name replacing all x"00" by space
    display total-name " " total-shown.

check.
    if code-returned not = scoreline-ok
        call static "scoreline_error_message" using by value size auto error-object returning message-pointer
        set address of c-text to message-pointer
        move spaces to message-line
        string c-text delimited by x"00" into message-line
        display function trim(message-line) upon syserr
        stop run returning 1
    end-if.
end program nightly.
