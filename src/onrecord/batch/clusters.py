"""stub"""
from onrecord.batch.places import Folder
def find_clusters(folder): return 0
def counted(folder): return 0,0
