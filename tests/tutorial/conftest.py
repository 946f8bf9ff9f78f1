"""What differs is shown, of the page's comparisons too."""

import pytest

pytest.register_assert_rewrite("tests.tutorial.page")
