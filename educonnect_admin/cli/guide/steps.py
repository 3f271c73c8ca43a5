"""The steps of the guided run, in their order."""

from educonnect_admin.cli.guide.files import choose_files
from educonnect_admin.cli.guide.handing_out import hand_out
from educonnect_admin.cli.guide.importing import import_files
from educonnect_admin.cli.guide.letters import choose_classes, choose_folder, print_letters
from educonnect_admin.cli.guide.office import open_the_office
from educonnect_admin.cli.guide.school import ask_city, ask_name, ask_number, choose_school
from educonnect_admin.cli.guide.welcome import welcome

STEPS = (
    welcome,
    open_the_office,
    choose_school,
    ask_number,
    ask_name,
    ask_city,
    choose_files,
    import_files,
    choose_classes,
    choose_folder,
    print_letters,
    hand_out,
)
