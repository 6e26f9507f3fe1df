*> The canonical line of a decision: 17 parts between "|", the same in every language, so that lists of decisions can be
*> compared by one hash. Doubles are the 16 hex digits of their bits, money is a decimal, what is absent is "-".
identification division.
program-id. canonical.

data division.
working-storage section.
copy "scoreline.cpy".
01 scorer-decimals   usage binary-long unsigned.
01 item-index        usage binary-double unsigned.
01 name-pointer      usage pointer.
01 reason-at         usage binary-long unsigned.

01 double-value      usage comp-2.
01 double-bits       redefines double-value usage binary-double unsigned.
01 bits-left         usage binary-double unsigned.
01 bits-next         usage binary-double unsigned.
01 hex-digit         usage binary-long unsigned.
01 hex-at            usage binary-long unsigned.
01 hex-text          pic x(16).
01 hex-digits        pic x(16) value "0123456789abcdef".

01 money             usage binary-double.
01 money-size        usage binary-double unsigned.
01 money-unit        pic 9(7) usage comp-5.
01 money-whole       usage binary-double unsigned.
01 money-part        pic 9(6).
01 money-shown       pic z(18)9.
01 money-from        usage binary-long unsigned.
01 count-shown       pic z(9)9.

linkage section.
01 scorer            usage pointer.
01 decision.
   copy "scoreline-decision.cpy" replacing ==:d:== by ==decision==.
01 line-text         pic x(4096).
01 line-length       usage binary-long unsigned.
01 name-text         pic x(256).

procedure division using scorer decision line-text line-length.
    move spaces to line-text
    move 1 to line-length
    call static "scoreline_scorer_decimals" using by value size auto scorer returning scorer-decimals

    move decision-score to double-value
    perform add-double
    move decision-pd to double-value
    perform add-double
    evaluate decision-tier
        when scoreline-tier-a string "A|" delimited by size into line-text with pointer line-length
        when scoreline-tier-b string "B|" delimited by size into line-text with pointer line-length
        when scoreline-tier-c string "C|" delimited by size into line-text with pointer line-length
        when scoreline-tier-d string "D|" delimited by size into line-text with pointer line-length
        when other            string "-|" delimited by size into line-text with pointer line-length
    end-evaluate
    evaluate decision-outcome
        when scoreline-outcome-approve string "approve|" delimited by size into line-text with pointer line-length
        when scoreline-outcome-refer   string "refer|" delimited by size into line-text with pointer line-length
        when scoreline-outcome-decline string "decline|" delimited by size into line-text with pointer line-length
        when other                     string "-|" delimited by size into line-text with pointer line-length
    end-evaluate
    move decision-limit to money
    perform add-money
    move decision-limit-binding to item-index
    call static "scoreline_scorer_limit_name" using by value size auto scorer item-index returning name-pointer
    perform add-name
    string "|" delimited by size into line-text with pointer line-length
    move decision-amount to money
    perform add-money
    move decision-instalment to money
    perform add-money
    move decision-rate to double-value
    perform add-double
    evaluate decision-rate-bound
        when scoreline-rate-bound-hurdle string "hurdle|" delimited by size into line-text with pointer line-length
        when scoreline-rate-bound-floor  string "floor|" delimited by size into line-text with pointer line-length
        when scoreline-rate-bound-cap    string "cap|" delimited by size into line-text with pointer line-length
        when other                       string "-|" delimited by size into line-text with pointer line-length
    end-evaluate
    move decision-raroc to double-value
    perform add-double
    move decision-rate-needed to double-value
    perform add-double
    move decision-rate-cap to double-value
    perform add-double

    if decision-reason-count = 0
        string "-" delimited by size into line-text with pointer line-length
    end-if
    perform varying reason-at from 1 by 1 until reason-at > decision-reason-count
        if reason-at > 1
            string "," delimited by size into line-text with pointer line-length
        end-if
        move decision-reason(reason-at) to item-index
        call static "scoreline_scorer_reason_code" using by value size auto scorer item-index returning name-pointer
        perform add-name
    end-perform
    move decision-unseen to count-shown
    string "|" function trim(count-shown) "|" delimited by size into line-text with pointer line-length
    move decision-expert-score to double-value
    perform add-double
    evaluate decision-client-class
        when scoreline-class-a string "A" delimited by size into line-text with pointer line-length
        when scoreline-class-b string "B" delimited by size into line-text with pointer line-length
        when scoreline-class-c string "C" delimited by size into line-text with pointer line-length
        when other             string "-" delimited by size into line-text with pointer line-length
    end-evaluate
    subtract 1 from line-length
    goback.

*> The bits, digit by digit from the last, whatever the order of bytes in memory.
add-double.
    move double-bits to bits-left
    perform varying hex-at from 16 by -1 until hex-at = 0
        divide bits-left by 16 giving bits-next remainder hex-digit
        move hex-digits(hex-digit + 1:1) to hex-text(hex-at:1)
        move bits-next to bits-left
    end-perform
    if hex-text(1:3) = "7ff" or hex-text(1:3) = "fff"
        string "-|" delimited by size into line-text with pointer line-length
    else
        string hex-text "|" delimited by size into line-text with pointer line-length
    end-if.

add-money.
    if money = scoreline-no-money
        string "-|" delimited by size into line-text with pointer line-length
    else
        if money < 0
            string "-" delimited by size into line-text with pointer line-length
        end-if
        move function abs(money) to money-size
        compute money-unit = 10 ** scorer-decimals
        divide money-size by money-unit giving money-whole remainder money-part
        move money-whole to money-shown
        string function trim(money-shown) delimited by size into line-text with pointer line-length
        if scorer-decimals > 0
            compute money-from = 7 - scorer-decimals
            string "." money-part(money-from:scorer-decimals) delimited by size into line-text with pointer line-length
        end-if
        string "|" delimited by size into line-text with pointer line-length
    end-if.

add-name.
    if name-pointer = null
        string "-" delimited by size into line-text with pointer line-length
    else
        set address of name-text to name-pointer
        string name-text delimited by x"00" into line-text with pointer line-length
    end-if.
end program canonical.
