package iam.order_test

import data.iam.order

test_ascii_is_in_its_own_order_and_goes_first if {
	order.texts({"zz", "é", "a", "Z", "", "a b"}) == ["", "Z", "a", "a b", "zz", "é"]
}

# EVAL-8: names that another byte order would exchange.
test_an_order_of_other_texts if {
	order.texts(["\ue000", "zz", "😀", "é", "ÿ"]) == ["zz", "\ue000", "😀", "é", "ÿ"]
}

test_findings_by_code_message_and_path if {
	last := {"code": "B", "message": "a", "path": ""}
	second := {"code": "A", "message": "é", "path": "/b"}
	first := {"code": "A", "message": "z", "path": "/z"}
	third := {"code": "A", "message": "é", "path": "/é"}
	order.findings({last, third, second, first}) == [first, second, third, last]
}
