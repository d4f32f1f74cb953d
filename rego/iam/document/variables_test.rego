package iam.document_test

import data.iam.document

# VAR-1, VAR-3, VAR-4, VAR-9
test_template_holds_the_parts_from_left_to_right[note] if {
	some note, tc in {
		"no variable": {"text": "a*b", "parts": [{"body": "a.*b"}]},
		"the empty text": {"text": "", "parts": []},
		"several variables": {
			"text": "a${aws:UserName}*${k}",
			"parts": [{"body": "a"}, {"variable": "aws:UserName"}, {"body": ".*"}, {"variable": "k"}],
		},
		"a default": {"text": "${aws:PrincipalTag/Team, 'no * team'}", "parts": [{
			"default": "no * team",
			"variable": "aws:PrincipalTag/Team",
		}]},
		"an empty default": {"text": "${k, ''}", "parts": [{"default": "", "variable": "k"}]},
		"a default with a comma": {"text": "${k, 'a, b'}", "parts": [{"default": "a, b", "variable": "k"}]},
		"escapes": {"text": "${*}${?}${$}", "parts": [{"body": "[*]"}, {"body": "[?]"}, {"body": "[$]"}]},
		"a lone dollar": {"text": "a$b${k}$", "parts": [
			{"body": "a"},
			{"body": "[$]"},
			{"body": "b"},
			{"variable": "k"},
			{"body": "[$]"},
		]},
	}
	document.template(tc.text, true) == tc.parts
}

test_template_takes_wildcards_literally_where_it_is_told_to if {
	document.template("a*?${k}", false) == [{"body": "a[*][?]"}, {"variable": "k"}]
}

test_variable_begins_with_dollar_and_brace if {
	[document.has_variable(text) | some text in ["${k}", "a${", "$k", "{k}", ""]] == [true, true, false, false, false]
}

# GRAM-26
test_variable_faults[text] if {
	some text, faults in {
		"a${aws:username}b": set(),
		"${k, 'x y'}": set(),
		"${*}${?}${$}": set(),
		"$": set(),
		"${": {"MISSING_BRACE_IN_VARIABLE"},
		"a${k": {"MISSING_BRACE_IN_VARIABLE"},
		"${}": {"EMPTY_VARIABLE"},
		"${ }": {"EMPTY_VARIABLE"},
		"${, 'x'}": {"EMPTY_VARIABLE"},
		"${,x}": {"EMPTY_VARIABLE"},
		"${ k}": {"UNSUPPORTED_SPACE_IN_VARIABLE"},
		"${a b, 'x'}": {"UNSUPPORTED_SPACE_IN_VARIABLE"},
		"${k,'x'}": {"MISSING_QUOTE_IN_VARIABLE"},
		"${k, x}": {"MISSING_QUOTE_IN_VARIABLE"},
		"${k, 'x}": {"MISSING_QUOTE_IN_VARIABLE"},
		"${}${a b}${": {"EMPTY_VARIABLE", "MISSING_BRACE_IN_VARIABLE", "UNSUPPORTED_SPACE_IN_VARIABLE"},
	}
	document.variable_faults(text) == faults
}
