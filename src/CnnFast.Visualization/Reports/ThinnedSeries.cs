namespace CnnFast.Visualization;

/// <summary>
/// A curve of any length in bounded memory. Of every stretch of it the lowest and the highest point are kept; where there are too many
/// stretches, two neighbours become one.
/// </summary>
internal sealed class ThinnedSeries
{
    /// <summary>The most stretches; twice as many points are kept at most.</summary>
    public const int MaxStretches = 2048;

    private const double SmoothWeight = 0.05;

    private readonly List<(Point Low, Point High)> _stretches = [];
    private int _length = 1;
    private int _inLast;
    private long _count;
    private double _smooth;

    /// <summary>A batch of a training.</summary>
    /// <param name="Step">The step.</param>
    /// <param name="Value">The loss.</param>
    /// <param name="Smooth">The mean of losses up to it, in which a new one weighs 5 %.</param>
    /// <param name="Rate">The learning rate.</param>
    public readonly record struct Point(long Step, double Value, double Smooth, double Rate);

    /// <summary>The points that are kept, in order.</summary>
    public IEnumerable<Point> Points
    {
        get
        {
            foreach ((Point low, Point high) in _stretches)
            {
                yield return low.Step <= high.Step ? low : high;
                if (low.Step != high.Step)
                    yield return low.Step < high.Step ? high : low;
            }
        }
    }

    /// <summary>Adds the next point.</summary>
    public void Add(long step, double value, double rate)
    {
        _count++;
        _smooth += (value - _smooth) * Math.Max(SmoothWeight, 1.0 / _count);
        var point = new Point(step, value, _smooth, rate);
        if (_stretches.Count > 0 && _inLast < _length)
        {
            _stretches[^1] = Join(_stretches[^1], (point, point));
            _inLast++;
            return;
        }

        if (_stretches.Count == MaxStretches)
        {
            for (int i = 0; i < MaxStretches / 2; i++)
                _stretches[i] = Join(_stretches[2 * i], _stretches[(2 * i) + 1]);
            _stretches.RemoveRange(MaxStretches / 2, MaxStretches / 2);
            _length *= 2;
        }

        _stretches.Add((point, point));
        _inLast = 1;
    }

    private static (Point Low, Point High) Join((Point Low, Point High) a, (Point Low, Point High) b) =>
        (b.Low.Value < a.Low.Value ? b.Low : a.Low, b.High.Value > a.High.Value ? b.High : a.High);
}
