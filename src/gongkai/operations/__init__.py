"""Operations: what keeps an installation up — its health, its figures for machines, its log, its backups."""
