"""The addresses of the interaction desk, and what waits on the front page."""

from django.urls import path

from . import message_desk, mistake_desk, survey_desk

panels = [message_desk.waiting, mistake_desk.waiting, survey_desk.waiting]

urlpatterns = [
    path("", message_desk.MessageList.as_view(), name="home"),
    path("messages/enter/", message_desk.Enter.as_view(), name="enter"),
    path("messages/<slug:key>/", message_desk.MessagePage.as_view(), name="message"),
    path("surveys/", survey_desk.SurveyList.as_view(), name="surveys"),
    path("surveys/draft/", survey_desk.Draft.as_view(), name="survey_draft"),
    path("surveys/<slug:key>/", survey_desk.SurveyPage.as_view(), name="survey"),
    path("surveys/<slug:key>/revise/", survey_desk.revise, name="survey_revise"),
    path("surveys/<slug:key>/submissions/", survey_desk.SubmissionList.as_view(), name="submissions"),
    path("submissions/<slug:key>/", survey_desk.SubmissionPage.as_view(), name="submission"),
    path("mistakes/", mistake_desk.MistakeList.as_view(), name="mistakes"),
    path("mistakes/<slug:key>/", mistake_desk.MistakePage.as_view(), name="mistake"),
]
