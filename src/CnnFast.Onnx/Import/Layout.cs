namespace CnnFast.Onnx.Import;

/// <summary>
/// How a tensor of the ONNX model lies in memory. Its dimensions are products of atoms; the atoms lie in memory in an order of their own.
/// So images stay channels last through transposes, reshapes and flattenings, which only change how atoms make dimensions.
/// </summary>
internal sealed class Layout
{
    private readonly int[] _atoms;
    private readonly int[][] _dimensions;
    private readonly int[] _order;

    private Layout(int[] atoms, int[][] dimensions, int[] order, int batch)
    {
        _atoms = atoms;
        _dimensions = dimensions;
        _order = order;
        Batch = batch;
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank => _dimensions.Length;

    /// <summary>The atom that counts the samples; −1 where there is none.</summary>
    public int Batch { get; }

    /// <summary>The dimension that is the batch and nothing else; −1 where there is none.</summary>
    public int BatchDimension => Batch < 0
        ? -1
        : Array.FindIndex(_dimensions, atoms => atoms.Contains(Batch) && atoms.All(atom => atom == Batch || _atoms[atom] == 1));

    /// <summary>The sizes of the atoms as they lie in memory, those of 1 left out, but for the batch.</summary>
    public int[] MemorySizes => [.. MemoryAtoms.Select(atom => _atoms[atom])];

    private IEnumerable<int> MemoryAtoms => _order.Where(Counts);

    /// <summary>A tensor whose dimensions lie in memory in some order.</summary>
    /// <param name="dimensions">The dimensions of the ONNX model.</param>
    /// <param name="order">Which of them lies where, outermost first.</param>
    /// <param name="isBatched">Whether the outermost one in memory is the batch.</param>
    public static Layout Of(ReadOnlySpan<int> dimensions, ReadOnlySpan<int> order, bool isBatched) =>
        new(dimensions.ToArray(), [.. Enumerable.Range(0, dimensions.Length).Select(i => new[] { i })], order.ToArray(),
            isBatched ? order[0] : -1);

    /// <summary>The dimensions in another order: dimension i is what dimension order[i] was. Nothing moves.</summary>
    public Layout Transpose(ReadOnlySpan<int> order)
    {
        var dimensions = new int[Rank][];
        for (int i = 0; i < dimensions.Length; i++)
            dimensions[i] = _dimensions[order[i]];
        return new Layout(_atoms, dimensions, _order, Batch);
    }

    /// <summary>Without some dimensions, all of 1; null where one of them is the batch.</summary>
    public Layout? Squeeze(IReadOnlyCollection<int> axes)
    {
        HashSet<int> gone = [.. axes.SelectMany(axis => _dimensions[axis])];
        if (gone.Contains(Batch))
            return null;
        return new Layout(_atoms, [.. _dimensions.Where((_, i) => !axes.Contains(i))], [.. _order.Where(atom => !gone.Contains(atom))],
            Batch);
    }

    /// <summary>With dimensions of 1 more.</summary>
    /// <param name="axes">Where the new dimensions are in the result.</param>
    /// <param name="rank">The dimensions of the result.</param>
    public Layout Unsqueeze(IReadOnlyCollection<int> axes, int rank)
    {
        List<int> atoms = [.. _atoms];
        List<int> order = [.. _order];
        var dimensions = new int[rank][];
        int next = 0;
        for (int i = 0; i < rank; i++)
        {
            if (!axes.Contains(i))
            {
                dimensions[i] = _dimensions[next++];
                continue;
            }

            dimensions[i] = [atoms.Count];
            order.Add(atoms.Count);
            atoms.Add(1);
        }

        return new Layout([.. atoms], dimensions, [.. order], Batch);
    }

    /// <summary>
    /// Other dimensions over the same elements in the same ONNX order; null where that takes a move. The new
    /// dimensions have as many elements.
    /// </summary>
    public Layout? Reshape(ReadOnlySpan<int> dimensions)
    {
        if (dimensions.Length == 0)
            return Batch < 0 ? new Layout([], [], [], -1) : null;
        List<int> sizes = [.. _atoms];
        List<int> order = [.. _order];
        var left = new LinkedList<int>(_dimensions.SelectMany(atoms => atoms));
        var result = new List<int>[dimensions.Length];
        for (int i = 0; i < dimensions.Length; i++)
        {
            List<int> group = result[i] = [];
            int needed = dimensions[i];
            if (needed == 1 && left.First is { } one && sizes[one.Value] == 1)
            {
                group.Add(one.Value);
                left.RemoveFirst();
            }

            while (needed > 1)
            {
                if (left.First is not { } first)
                    return null;
                int atom = first.Value;
                int size = sizes[atom];
                if (needed % size == 0)
                {
                    left.RemoveFirst();
                    group.Add(atom);
                    needed /= size;
                    continue;
                }

                if (size % needed != 0 || atom == Batch)
                    return null;

                // The atom is cut in two that lie one after the other.
                int rest = sizes.Count;
                sizes.Add(size / needed);
                sizes[atom] = needed;
                order.Insert(order.IndexOf(atom) + 1, rest);
                left.RemoveFirst();
                left.AddFirst(rest);
                group.Add(atom);
                needed = 1;
            }
        }

        if (left.Any(atom => sizes[atom] != 1))
            return null;
        result[^1].AddRange(left);
        foreach (List<int> group in result.Where(group => group.Count == 0))
        {
            group.Add(sizes.Count);
            order.Add(sizes.Count);
            sizes.Add(1);
        }

        return new Layout([.. sizes], [.. result.Select(group => group.ToArray())], [.. order], Batch);
    }

    /// <summary>
    /// The order of the atoms in memory where it has dimensions lie in some order: indices into <see cref="MemorySizes"/>.
    /// </summary>
    public int[] MoveTo(ReadOnlySpan<int> dimensions)
    {
        List<int> from = [.. MemoryAtoms];
        var to = new List<int>();
        foreach (int dimension in dimensions)
            to.AddRange(_dimensions[dimension].Where(Counts).Select(atom => from.IndexOf(atom)));
        return [.. to];
    }

    /// <summary>
    /// The order in which the dimensions lie in memory now, dimensions of 1 where they do least harm; null where a dimension lies in parts.
    /// </summary>
    public int[]? Order()
    {
        var order = new List<int>();
        int[] memory = [.. MemoryAtoms];
        int at = 0;
        while (at < memory.Length)
        {
            int dimension = Array.FindIndex(_dimensions, atoms => atoms.Contains(memory[at]));
            int[] atoms = [.. _dimensions[dimension].Where(Counts)];
            if (!memory.AsSpan(at).StartsWith(atoms))
                return null;
            order.Add(dimension);
            at += atoms.Length;
        }

        // Dimensions of 1 stand after the one before them.
        for (int i = 0; i < Rank; i++)
        {
            if (!order.Contains(i))
                order.Insert(i == 0 ? (Batch >= 0 ? 1 : 0) : order.IndexOf(i - 1) + 1, i);
        }

        return [.. order];
    }

    /// <summary>The dimensions by where the last of their parts lies in memory, dimensions of 1 first, but after the batch.</summary>
    public int[] NearestOrder()
    {
        int[] memory = [.. MemoryAtoms];
        return [.. Enumerable.Range(0, Rank)
            .OrderBy(i => _dimensions[i].Contains(Batch) ? -2 : _dimensions[i].Max(atom => Array.IndexOf(memory, atom)))];
    }

    /// <summary>
    /// For every index of a dimension, where it stands among the elements of that dimension in memory; null where it lies in order.
    /// </summary>
    public int[]? Permutation(int dimension)
    {
        int[] atoms = [.. _dimensions[dimension].Where(Counts)];
        int[] memory = [.. MemoryAtoms.Where(atoms.Contains)];
        if (atoms.SequenceEqual(memory))
            return null;
        int[] strides = new int[atoms.Length];
        int stride = 1;
        foreach (int atom in memory.Reverse())
        {
            strides[Array.IndexOf(atoms, atom)] = stride;
            stride *= _atoms[atom];
        }

        var places = new int[stride];
        for (int index = 0; index < places.Length; index++)
        {
            int rest = index;
            for (int i = atoms.Length - 1; i >= 0; i--)
            {
                places[index] += rest % _atoms[atoms[i]] * strides[i];
                rest /= _atoms[atoms[i]];
            }
        }

        return places;
    }

    /// <summary>Whether the atoms of dimensions follow one another in memory, in whatever order within each.</summary>
    public bool LiesInDimensionOrder()
    {
        int last = -1;
        foreach (int atom in MemoryAtoms)
        {
            int dimension = Array.FindIndex(_dimensions, atoms => atoms.Contains(atom));
            if (dimension < last)
                return false;
            last = dimension;
        }

        return true;
    }

    private bool Counts(int atom) => _atoms[atom] != 1 || atom == Batch;
}
