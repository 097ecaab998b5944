using System.Globalization;

namespace CnnFast.Data;

/// <summary>What can be done with any data set: parts of it, balance, weights, names. Nothing is copied; all is thread-safe.</summary>
/// <example>
/// <code>
/// IReadOnlyList&lt;IImageDataset&gt; parts = photos.SplitStratified(seed: 1, 0.8, 0.2);
/// IImageDataset train = parts[0].Balanced(seed: 1);
/// IImageDataset validation = parts[1];
/// </code>
/// </example>
public static class Datasets
{
    /// <summary>The chosen samples in the given order.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="indices">The samples, at least one; one may come twice.</param>
    /// <returns>A data set over the same samples.</returns>
    /// <exception cref="ArgumentException">No sample was chosen.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public static IDataset Subset(this IDataset data, params ReadOnlySpan<int> indices) =>
        new DatasetView(data, Positions(data, indices), null, null);

    /// <inheritdoc cref="Subset(IDataset, ReadOnlySpan{int})"/>
    public static IImageDataset Subset(this IImageDataset data, params ReadOnlySpan<int> indices) =>
        new ImageView(data, Positions(data, indices), null, null);

    /// <summary>The same samples, of which some count more than others in the loss.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="weights">How much each sample counts, in order: finite numbers of at least 0.</param>
    /// <returns>A data set over the same samples.</returns>
    /// <exception cref="ShapeException">There are more or fewer weights than samples.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative or not finite.</exception>
    public static IDataset WithSampleWeights(this IDataset data, ReadOnlySpan<float> weights) =>
        new DatasetView(data, null, Weights(data, weights), null);

    /// <inheritdoc cref="WithSampleWeights(IDataset, ReadOnlySpan{float})"/>
    public static IImageDataset WithSampleWeights(this IImageDataset data, ReadOnlySpan<float> weights) =>
        new ImageView(data, null, Weights(data, weights), null);

    /// <summary>The same samples with names for the classes, or for the numbers, of the first target.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="names">The name of every class, in order, each of 1 to 200 characters.</param>
    /// <returns>A data set over the same samples.</returns>
    /// <exception cref="ArgumentException">There is not one for each class, or one cannot be a name.</exception>
    public static IDataset WithClassNames(this IDataset data, params IReadOnlyList<string> names) =>
        new DatasetView(data, null, null, Names(data, names));

    /// <inheritdoc cref="WithClassNames(IDataset, IReadOnlyList{string})"/>
    public static IImageDataset WithClassNames(this IImageDataset data, params IReadOnlyList<string> names) =>
        new ImageView(data, null, null, Names(data, names));

    /// <summary>
    /// Cuts a data set in parts in which every class has its share, rounded down or up to whole samples, so that the parts' sizes are near
    /// the fractions of all samples too. The largest part (of several the first) has at least one sample of every class; the others go
    /// without a class that is too small for all. Samples with an ignored label are shared out as a class of their own. Which sample goes
    /// where depends on the seed and the labels alone; parts keep the order of the data set.
    /// </summary>
    /// <param name="data">The data set, with one label a sample.</param>
    /// <param name="seed">Decides which samples go where.</param>
    /// <param name="fractions">The share of each part: above 0, 1 together.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ShapeException">The data set has no labels, or a part would have no sample.</exception>
    /// <exception cref="ArgumentException">The fractions are no shares of 1.</exception>
    public static IReadOnlyList<IDataset> SplitStratified(this IDataset data, ulong seed, params ReadOnlySpan<double> fractions) =>
        [.. Stratified(data, seed, fractions).Select(part => data.Subset(part))];

    /// <inheritdoc cref="SplitStratified(IDataset, ulong, ReadOnlySpan{double})"/>
    public static IReadOnlyList<IImageDataset> SplitStratified(this IImageDataset data, ulong seed,
        params ReadOnlySpan<double> fractions) => [.. Stratified(data, seed, fractions).Select(part => data.Subset(part))];

    /// <summary>
    /// Cuts a data set in parts so that samples of one group (a patient, a camera, a day) are all in one part: what the model is tested on
    /// is nothing that it has seen. The parts' sizes come near the fractions, and each has at least one group. Parts
    /// keep the order of the data set.
    /// </summary>
    /// <param name="data">The data set.</param>
    /// <param name="groups">The group of every sample, in order.</param>
    /// <param name="seed">Decides which groups go where.</param>
    /// <param name="fractions">The share of each part: above 0, 1 together.</param>
    /// <returns>The parts.</returns>
    /// <exception cref="ShapeException">There is not a group for each sample, or fewer groups than parts.</exception>
    /// <exception cref="ArgumentException">The fractions are no shares of 1.</exception>
    public static IReadOnlyList<IDataset> SplitGrouped(this IDataset data, IReadOnlyList<string> groups, ulong seed,
        params ReadOnlySpan<double> fractions) => [.. Grouped(data, groups, seed, fractions).Select(part => data.Subset(part))];

    /// <inheritdoc cref="SplitGrouped(IDataset, IReadOnlyList{string}, ulong, ReadOnlySpan{double})"/>
    public static IReadOnlyList<IImageDataset> SplitGrouped(this IImageDataset data, IReadOnlyList<string> groups, ulong seed,
        params ReadOnlySpan<double> fractions) => [.. Grouped(data, groups, seed, fractions).Select(part => data.Subset(part))];

    /// <summary>
    /// The data set with samples of the smaller classes more than once, so that every class has as many as the largest. Each sample of a
    /// class comes equally often, or once more; which ones, the seed decides. Samples with an ignored label come once.
    /// </summary>
    /// <param name="data">The data set, with one label a sample.</param>
    /// <param name="seed">Decides which samples come once more than others of their class.</param>
    /// <returns>A larger data set over the same samples.</returns>
    /// <exception cref="ShapeException">The data set has no labels, a class has no samples, or it would be too large.</exception>
    public static IDataset Balanced(this IDataset data, ulong seed) => data.Subset(BalancedOrder(data, seed));

    /// <inheritdoc cref="Balanced(IDataset, ulong)"/>
    public static IImageDataset Balanced(this IImageDataset data, ulong seed) => data.Subset(BalancedOrder(data, seed));

    /// <summary>
    /// Weights with which every class counts the same in a loss: <c>n / (k · n[c])</c> for n samples, n[c] of them of class c, and k
    /// classes. Samples with an ignored label do not count.
    /// </summary>
    /// <param name="data">The data set, with one label a sample.</param>
    /// <returns>The weight of every class; their mean over the samples is 1.</returns>
    /// <exception cref="ShapeException">The data set has no labels, or a class has no samples.</exception>
    public static float[] ClassWeights(this IDataset data)
    {
        int[] counts = DatasetLabels.Count("ClassWeights", data, DatasetLabels.Read("ClassWeights", Required(data)));
        double samples = counts.Sum();
        return [.. counts.Select(count => (float)(samples / ((double)counts.Length * count)))];
    }

    /// <summary>The class of every sample, in order; of images the targets alone are read.</summary>
    /// <param name="data">The data set, with one label a sample.</param>
    /// <returns>The classes, and the ignored label where samples have it.</returns>
    /// <exception cref="ShapeException">The first target of the data set is not one label a sample.</exception>
    public static int[] ReadLabels(this IDataset data) => DatasetLabels.Read("ReadLabels", Required(data));

    /// <summary>
    /// Data sets of the same samples as one: for models with several inputs or outputs. Inputs and targets come in the order of the data
    /// sets.
    /// </summary>
    /// <param name="parts">The data sets, each with the same number of samples.</param>
    /// <returns>The data set of all inputs and targets.</returns>
    /// <exception cref="ShapeException">The numbers of samples differ.</exception>
    /// <exception cref="ArgumentException">No data set is given, or several have sample weights.</exception>
    public static IDataset Zip(params ReadOnlySpan<IDataset> parts) => new ZippedDataset(parts.ToArray());

    /// <summary>
    /// The same samples with further targets: for models that say several things of one input, such as the class of a picture and where
    /// it is. Sample i of every data set is the same thing; the inputs are those of the first alone, and so are weights and class names.
    /// Targets come in the order of the data sets, which <c>LossTerm.Target</c> counts.
    /// </summary>
    /// <param name="data">The data set with the inputs.</param>
    /// <param name="others">The data sets whose targets are added, each with as many samples; their inputs do not matter.</param>
    /// <returns>A data set over the same samples.</returns>
    /// <exception cref="ShapeException">The numbers of samples differ.</exception>
    /// <exception cref="ArgumentException">No other data set is given, or one has sample weights.</exception>
    /// <example>
    /// <code>
    /// IImageDataset both = kinds.WithTargets(places);   // a class, and [4] numbers
    /// new Trainer(model, new Adam(),
    /// [
    ///     new LossTerm(new SoftmaxCrossEntropy()) { Output = "kind", Target = 0 },
    ///     new LossTerm(new Huber()) { Output = "place", Target = 1 },
    /// ]).Fit(both);
    /// </code>
    /// </example>
    public static IDataset WithTargets(this IDataset data, params ReadOnlySpan<IDataset> others) =>
        new JoinedTargets(data, others.ToArray());

    /// <summary>
    /// The same images with further targets: for models that say several things of one image, such as its class and where it is. Sample i
    /// of every data set is the same thing; the images are those of the first alone, and so are weights and class names. Targets come in
    /// the order of the data sets, which <c>LossTerm.Target</c> counts. Augmentation moves masks with their image, but no
    /// numbers: where these are places in the image, take transforms that move nothing, such as <see cref="ColorJitter"/>.
    /// </summary>
    /// <inheritdoc cref="WithTargets(IDataset, ReadOnlySpan{IDataset})"/>
    public static IImageDataset WithTargets(this IImageDataset data, params ReadOnlySpan<IDataset> others) =>
        new JoinedImageTargets(data, others.ToArray());

    private static IDataset Required(IDataset data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return data;
    }

    private static int[] Positions(IDataset data, ReadOnlySpan<int> indices)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (indices.IsEmpty)
            throw new ArgumentException("Subset: no sample was asked for; expected at least 1.", nameof(indices));
        foreach (int index in indices)
        {
            if ((uint)index >= (uint)data.Count)
                throw new ArgumentOutOfRangeException(nameof(indices), index,
                    $"Subset: sample {index} was asked for; expected 0 to {data.Count - 1}.");
        }

        return indices.ToArray();
    }

    private static float[] Weights(IDataset data, ReadOnlySpan<float> weights)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (weights.Length != data.Count)
            throw new ShapeException(
                $"WithSampleWeights: {weights.Length} weights were given for {data.Count} samples; expected one a sample.");
        for (int i = 0; i < weights.Length; i++)
        {
            if (!(float.IsFinite(weights[i]) && weights[i] >= 0))
                throw new ArgumentOutOfRangeException(nameof(weights), weights[i],
                    $"WithSampleWeights: the weight of sample {i} is {weights[i].ToString(CultureInfo.InvariantCulture)}; " +
                    "expected a finite number of at least 0.");
        }

        return weights.ToArray();
    }

    private static IReadOnlyList<string> Names(IDataset data, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(names);
        if (data.Targets.Count == 0)
            throw new ArgumentException("WithClassNames: the data set has no targets; expected at least one.", nameof(data));
        return ClassNameCheck.Require("WithClassNames", names, data.Targets[0]);
    }

    private static int[][] Stratified(IDataset data, ulong seed, ReadOnlySpan<double> fractions) =>
        DatasetSplits.Stratified(DatasetLabels.Read("SplitStratified", Required(data)), data.Targets[0].Classes, seed, fractions);

    private static int[][] Grouped(IDataset data, IReadOnlyList<string> groups, ulong seed, ReadOnlySpan<double> fractions)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count != data.Count)
            throw new ShapeException(
                $"SplitGrouped: {groups.Count} groups were given for {data.Count} samples; expected the group of each sample.");
        return DatasetSplits.Grouped(groups, seed, fractions);
    }

    private static int[] BalancedOrder(IDataset data, ulong seed)
    {
        int[] labels = DatasetLabels.Read("Balanced", Required(data));
        int[] counts = DatasetLabels.Count("Balanced", data, labels);
        int most = counts.Max();
        int[][] members = DatasetSplits.Members(labels, counts.Length);
        int[] ignored = members[counts.Length];
        if (((long)most * counts.Length) + ignored.Length > Array.MaxLength)
            throw new ShapeException($"Balanced: {counts.Length} classes with {most} samples each are " +
                $"{(long)most * counts.Length} samples; expected at most {Array.MaxLength}.");
        var order = new List<int>((most * counts.Length) + ignored.Length);
        for (int c = 0; c < counts.Length; c++)
        {
            new SeededRandom(seed, (ulong)c).Shuffle<int>(members[c]);
            for (int i = 0; i < most; i++)
                order.Add(members[c][i % members[c].Length]);
        }

        order.AddRange(ignored);
        order.Sort();
        return [.. order];
    }
}
