"""The demonstration: two years of disclosure work at the General Office of Chongqing, played through the real commands.

People and texts are invented and marked 演示数据; how many requests of which kind there were in 2021 follows the
published annual report, so that the report compiled from the played ledger can be held against it.
"""
