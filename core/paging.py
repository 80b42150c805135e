"""Pages of the API."""

from rest_framework.pagination import PageNumberPagination


class ApiPages(PageNumberPagination):
    """50 rows a page unless asked otherwise, never more than 100."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 100
