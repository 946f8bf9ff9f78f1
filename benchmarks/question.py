"""The question that both servers are asked, as a client would write it: an account manager's key accounts."""

USER = "lin"  # an account manager of the demo: or-ed row rights, and a field that is masked on some rows

# The customers that the question is about: those with most opportunities, so that every level is well filled.
KEY_ACCOUNTS = """
{
  opportunityAggregate(groupBy: [{field: customer}], orderBy: [{count: DESC}], first: 20) {
    key { customer { id } }
  }
}
"""

QUERY = """
query Accounts($ids: [ID!]!) {
  customers(where: {id: {in: $ids}}, orderBy: [{name: ASC}], first: 20) {
    nodes {
      id
      name
      grade
      revenue
      wechat
      owner { id name displayName }
      opportunities(orderBy: [{amount: DESC}], first: 5) {
        nodes {
          id
          name
          amount
          closeDate
          status
          activities(orderBy: [{at: DESC}], first: 3) {
            nodes { id kind subject at }
          }
        }
      }
    }
  }
}
"""
