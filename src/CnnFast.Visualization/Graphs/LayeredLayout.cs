namespace CnnFast.Visualization.Graphs;

/// <summary>
/// Places boxes in layers (after Sugiyama, Tagawa and Toda, 1981): the layer of a box is its longest path from a start, boxes of a layer
/// are ordered by the mean place of their neighbours, and then moved as near to them as the order and the gaps allow (isotonic regression).
/// A long edge passes the layers between through narrow lanes; all edges from one box share them. Chains stand straight.
/// </summary>
internal sealed class LayeredLayout
{
    private const double ColumnGap = 24;
    private const double LaneWidth = 10;
    private const double RowGap = 48;
    private const int OrderSweeps = 8;
    private const int PlaceSweeps = 16;

    // Where a box and a lane want one place, the lane goes around.
    private const double LaneWeight = 1e-4;

    private readonly List<Item> _items = [];
    private readonly List<List<int>> _layers = [];
    private readonly IReadOnlyList<(double Width, double Height)> _sizes;
    private readonly Dictionary<(int Source, int Layer), int> _lanes = [];

    /// <summary>Lays a graph out.</summary>
    /// <param name="sizes">The sizes of the boxes.</param>
    /// <param name="inputs">The boxes that each reads, all of them before it.</param>
    public LayeredLayout(IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        _sizes = sizes;
        int[] layers = LayersOf(inputs);
        for (int node = 0; node < sizes.Count; node++)
            Add(node, layers[node], sizes[node].Width);
        for (int node = 0; node < sizes.Count; node++)
        {
            foreach (int input in inputs[node].Distinct())
                Connect(input, layers[input], node, layers[node]);
        }

        Order();
        PlaceColumns();
        PlaceRows();
    }

    /// <summary>The width of the whole.</summary>
    public double Width { get; private set; }

    /// <summary>The height of the whole.</summary>
    public double Height { get; private set; }

    /// <summary>The middle of a box's top.</summary>
    public (double X, double Y) TopOf(int node) => (_items[node].X, _items[node].Y);

    /// <summary>The places that an edge passes: out of the source, down every lane, and into the target.</summary>
    public IReadOnlyList<(double X, double Y)> Route(int source, int target)
    {
        List<(double, double)> points = [(_items[source].X, _items[source].Y + _sizes[source].Height)];
        for (int layer = _items[source].Layer + 1; layer < _items[target].Layer; layer++)
        {
            Item lane = _items[_lanes[(source, layer)]];
            points.Add((lane.X, lane.Y));
            points.Add((lane.X, lane.Y + lane.Height));
        }

        points.Add((_items[target].X, _items[target].Y));
        return points;
    }

    // What starts the graph stands right above its first reader.
    private static int[] LayersOf(IReadOnlyList<IReadOnlyList<int>> inputs)
    {
        var layers = new int[inputs.Count];
        var first = new int[inputs.Count];
        Array.Fill(first, int.MaxValue);
        for (int node = 0; node < layers.Length; node++)
        {
            layers[node] = inputs[node].Count == 0 ? 0 : inputs[node].Max(input => layers[input]) + 1;
            foreach (int input in inputs[node])
                first[input] = Math.Min(first[input], layers[node]);
        }

        for (int node = 0; node < layers.Length; node++)
        {
            if (inputs[node].Count == 0 && first[node] != int.MaxValue)
                layers[node] = first[node] - 1;
        }

        return layers;
    }

    private int Add(int node, int layer, double width)
    {
        while (_layers.Count <= layer)
            _layers.Add([]);
        _layers[layer].Add(_items.Count);
        _items.Add(new Item(node, layer, width) { Place = _layers[layer].Count });
        return _items.Count - 1;
    }

    private void Connect(int source, int sourceLayer, int target, int targetLayer)
    {
        int from = source;
        for (int layer = sourceLayer + 1; layer < targetLayer; layer++)
        {
            if (!_lanes.TryGetValue((source, layer), out int lane))
            {
                lane = Add(-1, layer, LaneWidth);
                _lanes.Add((source, layer), lane);
                Link(from, lane);
            }

            from = lane;
        }

        Link(from, target);
    }

    private void Link(int above, int below)
    {
        _items[above].Below.Add(below);
        _items[below].Above.Add(above);
    }

    private void Order()
    {
        for (int sweep = 0; sweep < OrderSweeps; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<int> layer in down ? _layers : Enumerable.Reverse(_layers))
            {
                foreach (int item in layer)
                {
                    List<int> near = down ? _items[item].Above : _items[item].Below;
                    _items[item].Wanted = near.Count == 0 ? _items[item].Place : near.Average(other => _items[other].Place);
                }

                // The sort is stable: what has no reason to move stays.
                int[] order = [.. layer.OrderBy(item => _items[item].Wanted)];
                for (int i = 0; i < order.Length; i++)
                {
                    layer[i] = order[i];
                    _items[order[i]].Place = i - ((order.Length - 1) / 2.0);
                }
            }
        }
    }

    private void PlaceColumns()
    {
        foreach (List<int> layer in _layers)
            Spread(layer, item => 0);
        for (int sweep = 0; sweep < PlaceSweeps; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (List<int> layer in down ? _layers : Enumerable.Reverse(_layers))
            {
                Spread(layer, item =>
                {
                    List<int> near = down ? _items[item].Above : _items[item].Below;
                    return near.Count == 0 ? _items[item].X : Median(near);
                });
            }
        }

        double left = _items.Count == 0 ? 0 : _items.Min(item => item.X - (item.Width / 2));
        foreach (Item item in _items)
            item.X -= left;
        Width = _items.Count == 0 ? 0 : _items.Max(item => item.X + (item.Width / 2));
    }

    // Boxes stand below boxes, so that the main way is straight and what goes around it bends.
    private double Median(List<int> near)
    {
        IEnumerable<int> boxes = near.Where(other => _items[other].Node >= 0);
        double[] places = [.. (boxes.Any() ? boxes : near).Select(other => _items[other].X).Order()];
        return (places[(places.Length - 1) / 2] + places[places.Length / 2]) / 2;
    }

    // The places nearest to the wanted ones, in the least squares, that keep order and gaps: neighbours that would overlap become a block.
    private void Spread(List<int> layer, Func<int, double> wanted)
    {
        var blocks = new List<(double Sum, double Weight, int Count)>();
        var offsets = new double[layer.Count];
        for (int i = 0; i < layer.Count; i++)
        {
            Item item = _items[layer[i]];
            if (i > 0)
                offsets[i] = offsets[i - 1] + ((_items[layer[i - 1]].Width + item.Width) / 2) + ColumnGap;
            double weight = item.Node < 0 ? LaneWeight : 1;
            (double Sum, double Weight, int Count) block = (weight * (wanted(layer[i]) - offsets[i]), weight, 1);
            while (blocks.Count > 0 && blocks[^1].Sum / blocks[^1].Weight > block.Sum / block.Weight)
            {
                block = (block.Sum + blocks[^1].Sum, block.Weight + blocks[^1].Weight, block.Count + blocks[^1].Count);
                blocks.RemoveAt(blocks.Count - 1);
            }

            blocks.Add(block);
        }

        int at = 0;
        foreach ((double sum, double weight, int count) in blocks)
        {
            for (int end = at + count; at < end; at++)
                _items[layer[at]].X = (sum / weight) + offsets[at];
        }
    }

    private void PlaceRows()
    {
        double y = 0;
        foreach (List<int> layer in _layers)
        {
            double height = layer.Max(item => _items[item].Node < 0 ? 0 : _sizes[_items[item].Node].Height);
            foreach (int item in layer)
                (_items[item].Y, _items[item].Height) = (y, height);
            y += height + RowGap;
        }

        Height = Math.Max(0, y - RowGap);
    }

    // A box, or a lane of a long edge, whose node is -1.
    private sealed class Item(int node, int layer, double width)
    {
        public int Node { get; } = node;

        public int Layer { get; } = layer;

        public double Width { get; } = width;

        public List<int> Above { get; } = [];

        public List<int> Below { get; } = [];

        public double Place { get; set; }

        public double Wanted { get; set; }

        public double X { get; set; }

        public double Y { get; set; }

        public double Height { get; set; }
    }
}
