"""Pages of figures, of the rows behind them, and of exports."""
