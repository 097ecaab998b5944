using CnnFast.Data;

namespace CnnFast.Tests.Data;

/// <summary>Parts, balance, weights and names of any data set.</summary>
public sealed class DatasetsTests
{
    [Fact]
    public void A_stratified_split_gives_every_class_its_share()
    {
        int[] counts = [7, 100, 53, 1];
        IDataset data = Samples(counts);
        IReadOnlyList<IDataset> parts = data.SplitStratified(3, 0.7, 0.2, 0.1);
        Assert.Equal(161, parts.Sum(part => part.Count));
        Assert.Equal(Enumerable.Range(0, 161), parts.SelectMany(Numbers).Order());
        Assert.All(parts, part => Assert.Equal(Numbers(part).Order(), Numbers(part)));
        double[] fractions = [0.7, 0.2, 0.1];
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(161 * fractions[k], parts[k].Count, 1.0);
            for (int c = 0; c < 3; c++)
                Assert.Equal(counts[c] * fractions[k], parts[k].ReadLabels().Count(label => label == c), 1.0);
        }

        Assert.Equal(parts.Select(Numbers), data.SplitStratified(3, 0.7, 0.2, 0.1).Select(Numbers));
        Assert.NotEqual(parts.Select(Numbers), data.SplitStratified(4, 0.7, 0.2, 0.1).Select(Numbers));
    }

    [Fact]
    public void Every_class_is_in_the_largest_part_and_shares_are_rounded_down_or_up()
    {
        var random = new SeededRandom(11);
        double[][] cuts = [[0.85, 0.15], [0.7, 0.15, 0.15], [0.1, 0.2, 0.3, 0.4], [0.2, 0.2, 0.2, 0.2, 0.2], [0.05, 0.95]];
        for (int round = 0; round < 100; round++)
        {
            int[] counts = round == 0
                ? [10, 1, 12]
                : [.. Enumerable.Range(0, 1 + random.NextInt32(12)).Select(_ => 1 + random.NextInt32(30))];
            double[] fractions = cuts[round % cuts.Length];
            int largest = Array.IndexOf(fractions, fractions.Max());
            int[][] found = StratifiedCounts.Of(counts, fractions);
            for (int c = 0; c < counts.Length; c++)
            {
                Assert.Equal(counts[c], found[c].Sum());
                Assert.True(found[c][largest] > 0, $"round {round}, class {c}");
                for (int k = 0; k < fractions.Length; k++)
                    Assert.InRange(found[c][k], (counts[c] * fractions[k]) - 1 + 1e-9, (counts[c] * fractions[k]) + 1 - 1e-9);
            }

            // Where no class is too small for the largest part, the parts' sizes are rounded shares too.
            for (int k = 0; k < fractions.Length && counts.Min() * fractions[largest] >= 1; k++)
            {
                double share = counts.Sum() * fractions[k];
                Assert.InRange(found.Sum(row => row[k]), share - 1 + 1e-9, share + 1 - 1e-9);
            }
        }

        IReadOnlyList<IDataset> parts = Samples([10, 1, 12]).SplitStratified(1, 0.85, 0.15);
        Assert.Equal([0, 1, 2], parts[0].ReadLabels().Distinct());
    }

    [Fact]
    public void Numbers_have_names_too()
    {
        var images = new ImageDataset(new Shape(1, 1, 1), [1, 2], new Shape(2), [1, 0, 0, 1]);
        Assert.Equal(["x", "y"], images.WithClassNames("x", "y").ClassNames);
        Assert.Equal(["x", "y"], ((IImageDataset)images).WithClassNames("x", "y").ClassNames);
        Assert.Throws<ArgumentException>(() => images.WithClassNames("x"));
    }

    [Fact]
    public void Samples_with_an_ignored_label_are_a_class_of_their_own()
    {
        IImageDataset data = new ImageDataset(new Shape(1, 1, 1), [10, 11, 12, 13, 14, 15, 16], TargetInfo.Labels(2),
            [0, -1, 1, 0, -1, 1, 1], ignoredLabel: -1);
        IReadOnlyList<IImageDataset> parts = data.SplitStratified(1, 0.5, 0.5);
        Assert.Equal([-1, -1, 0, 0, 1, 1, 1], parts.SelectMany(part => part.ReadLabels()).Order());
        Assert.All(parts, part => Assert.Equal(1, part.ReadLabels().Count(label => label == -1)));
        Assert.Equal([5f / 4, 5f / 6], data.ClassWeights());
        Assert.Equal([-1, -1, 0, 0, 0, 1, 1, 1], data.Balanced(1).ReadLabels().Order());
        foreach (IImageTransform mix in (IImageTransform[])[new Mixup(), new CutMix()])
        {
            Assert.Equal("Augmented: Mixup and CutMix cannot mix the label -1 of image 1; expected 0 to 1: " +
                "leave samples with an ignored label out.", Message<ShapeException>(() => data.Augmented(new Augmentation(mix))));
        }

        Assert.Equal([0, -1, 1], data.Augmented(new Augmentation(new HorizontalFlip())).Subset(0, 1, 2).ReadLabels());
    }

    [Fact]
    public void Every_part_has_a_group_where_there_are_enough()
    {
        IReadOnlyList<IDataset> parts = Samples([6]).SplitGrouped(["a", "b", "c", "d", "e", "f"], 1, 0.9, 0.05, 0.05);
        Assert.Equal([4, 1, 1], parts.Select(part => part.Count));
        Assert.Equal([5, 1, 1], Samples([7]).SplitGrouped(["a", "a", "a", "a", "a", "b", "c"], 1, 0.9, 0.05, 0.05)
            .Select(part => part.Count));
        Assert.Throws<ShapeException>(() => Samples([6]).SplitGrouped(["a", "b", "a", "b", "a", "b"], 1, 0.9, 0.05, 0.05));
    }

    [Fact]
    public void Images_stay_images()
    {
        IReadOnlyList<IImageDataset> parts = ((IImageDataset)Images()).SplitStratified(1, 0.5, 0.5);
        Assert.Equal([3, 3], parts.Select(part => part.Count));
        var pixel = new byte[1];
        parts[1].Balanced(1).Subset(0).ReadImage(0, pixel);
        Assert.Contains(pixel[0], new byte[] { 10, 11, 12, 13, 14, 15 });
        Assert.Equal(["a", "b"], parts[0].ClassNames);
    }

    [Fact]
    public void Groups_never_cross()
    {
        string[] groups = [.. Enumerable.Range(0, 161).Select(i => $"patient {i * 7 % 23}")];
        IReadOnlyList<IDataset> parts = Samples([161]).SplitGrouped(groups, 5, 0.6, 0.4);
        Assert.Equal(161, parts.Sum(part => part.Count));
        Assert.Empty(Numbers(parts[0]).Select(i => groups[i]).Intersect(Numbers(parts[1]).Select(i => groups[i])));
        Assert.Equal(161 * 0.6, parts[0].Count, 8.0);
        Assert.Equal(parts.Select(Numbers), Samples([161]).SplitGrouped(groups, 5, 0.6, 0.4).Select(Numbers));
    }

    [Fact]
    public void Balanced_classes_are_as_large_as_the_largest()
    {
        IDataset data = Samples([3, 10, 4]);
        IDataset balanced = data.Balanced(2);
        Assert.Equal([10, 10, 10], Enumerable.Range(0, 3).Select(c => balanced.ReadLabels().Count(label => label == c)));
        foreach (IGrouping<int, int> sample in Numbers(balanced).GroupBy(number => number))
        {
            int times = sample.Count();
            Assert.True(sample.Key < 3 ? times is 3 or 4 : sample.Key < 13 ? times == 1 : times is 2 or 3, $"{sample.Key}: {times}");
        }

        Assert.Equal(Numbers(balanced), Numbers(data.Balanced(2)));
    }

    [Fact]
    public void Weights_of_classes_make_them_count_the_same()
    {
        float[] weights = Samples([3, 10, 7]).ClassWeights();
        Assert.Equal([20f / 9, 20f / 30, 20f / 21], weights);
        ShapeException empty = Assert.Throws<ShapeException>(() => Samples([3, 0, 7]).WithClassNames("a", "b b", "c").ClassWeights());
        Assert.Equal("ClassWeights: the class 1 'b b' has no samples; expected at least 1 of each class.", empty.Message);
        Assert.Throws<ShapeException>(() => Samples([3, 0, 7]).Balanced(1));
    }

    [Fact]
    public void Views_hand_on_weights_names_and_epochs()
    {
        float[] weights = [0, 1, 2, 3, 4];
        IDataset data = Samples([2, 3]).WithSampleWeights(weights).WithClassNames("x", "y").Subset(4, 0, 4);
        Assert.True(data.HasSampleWeights);
        Assert.Equal(["x", "y"], data.ClassNames);
        using var loader = new BatchLoader(data, 3, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.Equal([4f, 0, 4], loader.Current.SampleWeights);
        Assert.Equal([4f, 0, 4], loader.Current.Input());
        Assert.Equal([1, 0, 1], loader.Current.Labels());

        IImageDataset weighted = ((IImageDataset)Images()).WithSampleWeights([1, 2, 3, 4, 5, 6]);
        IDataset normalized = weighted.Subset(5, 1).Normalized(new Normalization(1, 0));
        using var images = new BatchLoader(normalized, 2, shuffle: false);
        images.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(images.MoveNext());
        Assert.Equal([6f, 2], images.Current.SampleWeights);
        Assert.Equal([15f, 11], images.Current.Input());
    }

    [Fact]
    public void Changed_images_keep_their_weights()
    {
        IImageDataset weighted = ((IImageDataset)Images()).WithSampleWeights([1, 2, 3, 4, 5, 6]);
        foreach (Augmentation augmentation in (Augmentation[])[new(new HorizontalFlip()), new(new Mixup(1))])
        {
            IDataset changed = weighted.Augmented(augmentation, seed: 1);
            Assert.True(changed.HasSampleWeights);
            using var loader = new BatchLoader(changed, 6, shuffle: false);
            loader.StartEpoch(0, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            Assert.Equal([1f, 2, 3, 4, 5, 6], loader.Current.SampleWeights);
        }
    }

    [Fact]
    public void Several_data_sets_are_the_inputs_and_targets_of_one()
    {
        var second = new ArrayDataset(new Shape(2), [0, 0, 1, 10, 2, 20], new Shape(1), [5, 6, 7]);
        IDataset data = Datasets.Zip(Samples([1, 2]).WithSampleWeights([1, 2, 3]), second);
        Assert.Equal([new Shape(1), new Shape(2)], data.Inputs);
        Assert.Equal([TargetInfo.Labels(2), TargetInfo.Values(new Shape(1))], data.Targets);
        using var loader = new BatchLoader(data.Subset(2, 0), 2, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        Assert.Equal([2f, 0], loader.Current.Input());
        Assert.Equal([2f, 20, 0, 0], loader.Current.Input(1));
        Assert.Equal([1, 0], loader.Current.Labels());
        Assert.Equal([7f, 5], loader.Current.Values(1));
        Assert.Equal([3f, 1], loader.Current.SampleWeights);
        Assert.Equal("Zip: the data sets have 3 and 2 samples; expected as many in each.",
            Assert.Throws<ShapeException>(() => Datasets.Zip(second, second.Subset(0, 1))).Message);
    }

    [Fact]
    public void Labels_of_pixels_and_values_fit_arrays_and_images()
    {
        var target = TargetInfo.Labels(new Shape(1, 2), 3);
        var arrays = new ArrayDataset(new Shape(1, 2, 1), [1, 2, 3, 4], target, [0, 1, 2, 0]);
        var images = new ImageDataset(new Shape(1, 2, 1), [1, 2, 3, 4], target, [0, 1, 2, 0]);
        foreach (IDataset data in (IDataset[])[arrays, images, images.Subset(0, 1)])
        {
            using var loader = new BatchLoader(data.Subset(1, 0), 2, shuffle: false);
            loader.StartEpoch(0, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            Assert.Equal([2, 0, 0, 1], loader.Current.Labels());
        }

        var values = new ImageDataset(new Shape(1, 1, 1), [1, 2], new Shape(2), [1, 0, 0, 1]);
        using var valued = new BatchLoader(values.Subset(1), 1);
        valued.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(valued.MoveNext());
        Assert.Equal([0f, 1], valued.Current.Values());
        Assert.Throws<InvalidOperationException>(() => values.GetLabel(0));
        Assert.Equal("ArrayDataset: label 1 of sample 1 is 3; expected 0 to 2.", Message<ArgumentOutOfRangeException>(() =>
            new ArrayDataset(new Shape(1), [1, 2], target, [0, 0, 0, 3])));
    }

    [Fact]
    public void What_does_not_fit_is_one_sentence()
    {
        IDataset data = Samples([2, 2]);
        Assert.Equal("ArrayDataset: an input of sample 1 is NaN (value 0 of 2); expected finite numbers.",
            Message<ArgumentOutOfRangeException>(() => new ArrayDataset(new Shape(2), [1, 2, float.NaN, 4], 1, [0, 0])));
        Assert.Equal("ArrayDataset: a target of sample 1 is Infinity (value 0 of 1); expected finite numbers.",
            Message<ArgumentOutOfRangeException>(() =>
                new ArrayDataset(new Shape(1), [1, 2], new Shape(1), [1, float.PositiveInfinity])));
        Assert.Equal("Subset: sample 4 was asked for; expected 0 to 3.", Message<ArgumentOutOfRangeException>(() => data.Subset(4)));
        Assert.Equal("Subset: no sample was asked for; expected at least 1.", Message<ArgumentException>(() => data.Subset()));
        Assert.Equal("SplitStratified: the fractions are 0.5, 0.4; expected numbers above 0 whose sum is 1.",
            Message<ArgumentException>(() => data.SplitStratified(1, 0.5, 0.4)));
        Assert.Throws<ArgumentException>(() => data.SplitStratified(1, 1.5, -0.5));
        Assert.Throws<ArgumentException>(() => data.SplitStratified(1));
        Assert.Equal("SplitStratified: part 2 of 2 would have no sample; expected more samples or fewer parts.",
            Message<ShapeException>(() => Samples([1]).SplitStratified(1, 0.5, 0.5)));
        Assert.Equal("SplitGrouped: 3 groups were given for 4 samples; expected the group of each sample.",
            Message<ShapeException>(() => data.SplitGrouped(["a", "b", "c"], 1, 0.5, 0.5)));
        Assert.Equal("WithSampleWeights: the weight of sample 1 is -1; expected a finite number of at least 0.",
            Message<ArgumentOutOfRangeException>(() => data.WithSampleWeights([1, -1, 1, 1])));
        Assert.Equal("ReadLabels: the targets of the data set are values [1]; expected one label a sample.",
            Message<ShapeException>(() => new ArrayDataset(new Shape(1), [1], new Shape(1), [1]).ReadLabels()));
    }

    [Fact]
    public void One_input_may_have_the_targets_of_several_data_sets()
    {
        IImageDataset images = Images();
        IDataset boxes = new ArrayDataset(new Shape(1), new float[6], new Shape(2), [.. Enumerable.Range(0, 12).Select(i => (float)i)]);
        IDataset kinds = new ImageDataset(new Shape(2, 2, 1), 3, new byte[24], [2, 1, 0, 2, 1, 0]);
        IImageDataset joined = images.WithTargets(boxes, kinds).WithSampleWeights([1, 1, 1, 2, 1, 1]);
        Assert.Equal([new Shape(1, 1, 1)], joined.Inputs);
        Assert.Equal([TargetInfo.Labels(2), TargetInfo.Values(new Shape(2)), TargetInfo.Labels(3)], joined.Targets);
        Assert.Equal(["a", "b"], joined.ClassNames);
        foreach (IDataset data in new IDataset[]
        {
            joined, joined.Subset(0, 1, 2, 3, 4, 5), joined.Normalized(Normalization.FromMeanStd(0, 1)),
            images.Normalized(default).WithTargets(boxes, kinds), joined.Augmented(new Augmentation(new HorizontalFlip())),
        })
        {
            using var loader = new BatchLoader(data, 4, shuffle: false);
            loader.StartEpoch(0, TestContext.Current.CancellationToken);
            Assert.True(loader.MoveNext());
            Assert.True(loader.MoveNext());
            Assert.Equal([14 / 255f, 15 / 255f], loader.Current.Input().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6f);
            Assert.Equal([0, 1], loader.Current.Labels().ToArray());
            Assert.Equal([8, 9, 10, 11], loader.Current.Values(1).ToArray());
            Assert.Equal([1, 0], loader.Current.Labels(2).ToArray());
        }

        Assert.Equal("WithTargets: no other data set was given; expected at least one.",
            Message<ArgumentException>(() => images.WithTargets()));
        Assert.Equal("WithTargets: the data sets have 6 and 3 samples; expected as many in each.",
            Message<ShapeException>(() => images.WithTargets(Samples([3]))));
        Assert.Equal("WithTargets: another data set has sample weights; expected them in the first alone.",
            Message<ArgumentException>(() => images.WithTargets(boxes.WithSampleWeights(new float[6]))));
    }

    private static string Message<T>(Func<object> action)
        where T : Exception
    {
        string message = Assert.Throws<T>(action).Message;
        int end = message.IndexOf(" (Parameter", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static ImageDataset Images() =>
        new ImageDataset(new Shape(1, 1, 1), 2, [10, 11, 12, 13, 14, 15], [0, 1, 0, 1, 0, 1]).WithClassNames("a", "b");

    /// <summary>Samples whose input is their number, class by class.</summary>
    private static ArrayDataset Samples(int[] counts)
    {
        int[] labels = [.. counts.SelectMany((count, label) => Enumerable.Repeat(label, count))];
        return new ArrayDataset(new Shape(1), [.. labels.Select((_, i) => (float)i)], counts.Length, labels);
    }

    private static int[] Numbers(IDataset data)
    {
        using var loader = new BatchLoader(data, data.Count, shuffle: false);
        loader.StartEpoch(0, TestContext.Current.CancellationToken);
        Assert.True(loader.MoveNext());
        return [.. loader.Current.Input().ToArray().Select(value => (int)value)];
    }
}
