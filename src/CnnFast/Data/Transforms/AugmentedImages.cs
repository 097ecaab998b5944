using System.Collections.Concurrent;
using CnnFast.Operators;

namespace CnnFast.Data;

/// <summary>
/// Images that are changed at random, anew in every epoch. What happens to an image depends on the seed, the epoch and its place in the
/// data set alone.
/// </summary>
internal sealed class AugmentedImages : IDataset
{
    // Keeps these random numbers apart from those that other users draw from the same seed.
    private const ulong Stream = 0x4155474D454E54UL;

    private readonly ulong _seed;
    private readonly IImageTransform[] _transforms;
    private readonly ConcurrentBag<ImageWorkspace> _workspaces = [];
    private readonly float[] _scales;
    private readonly float[] _shifts;
    private readonly int _maskTarget;
    private readonly TargetsAlone _targets;

    /// <exception cref="ArgumentException">An option of a transform is out of range.</exception>
    /// <exception cref="ShapeException">Images or targets do not fit the transforms or the normalisation.</exception>
    public AugmentedImages(IImageDataset images, Augmentation augmentation, ulong seed, Normalization? normalization)
        : this(images, augmentation, seed, normalization, true)
    {
    }

    private AugmentedImages(IImageDataset images, Augmentation augmentation, ulong seed, Normalization? normalization, bool isNew)
    {
        (Images, Augmentation, Normalization, _seed) = (images, augmentation, normalization, seed);
        _targets = new TargetsAlone(images);
        Shape = images.ImageShape;
        augmentation.RequireFit(Shape);
        Operator = ImageOperator.Create(Shape);
        ChannelSums = ChannelSum.Create(Shape[0] * Shape[1], Shape[2]);
        Converter = new ByteImageOperator(Shape, 0, 0, 0, 0, new float[Shape[2]]);
        Normalization numbers = normalization ?? default;
        numbers.RequireChannels("Augmented", Shape[2]);
        _scales = [.. Enumerable.Range(0, Shape[1] * Shape[2]).Select(e => (float)numbers.ScaleOf(ChannelOf(e)))];
        _shifts = [.. Enumerable.Range(0, Shape[1] * Shape[2]).Select(e => (float)numbers.OffsetOf(ChannelOf(e)))];
        _transforms = [.. augmentation.Transforms];
        _maskTarget = FindMask(images.Targets);
        Targets = augmentation.Mixes ? [MixedTarget(images)] : images.Targets;
        if (augmentation.Mixes && isNew)
            RequireClasses();
        MixedLength = augmentation.Mixes && !Targets[0].IsLabels ? Targets[0].Shape.ElementCount : 0;

        int ChannelOf(int e) => numbers.Channels == 1 ? 0 : e % Shape[2];
    }

    /// <summary>The images as they are.</summary>
    public IImageDataset Images { get; }

    /// <summary>What happens to them.</summary>
    public Augmentation Augmentation { get; }

    /// <summary>How bytes become numbers; null where nobody said, which means value / 255.</summary>
    public Normalization? Normalization { get; }

    public Shape Shape { get; }

    public int Count => Images.Count;

    public IReadOnlyList<Shape> Inputs => Images.Inputs;

    public IReadOnlyList<TargetInfo> Targets { get; }

    public bool HasSampleWeights => Images.HasSampleWeights;

    public IReadOnlyList<string>? ClassNames => Images.ClassNames;

    public ImageOperator Operator { get; }

    public ByteImageOperator Converter { get; }

    public ChannelSum ChannelSums { get; }

    public int OutsideLabel => Augmentation.OutsideLabel;

    /// <summary>The target that is a label per pixel; −1 for none.</summary>
    public int MaskTarget => _maskTarget;

    /// <summary>Labels of the pixels of an image; 0 where the targets are others.</summary>
    public int MaskLength => _maskTarget < 0 ? 0 : Images.Targets[_maskTarget].Shape.ElementCount;

    /// <summary>Numbers that the targets of a mixed image are; 0 where images are not mixed, or their targets are masks.</summary>
    public int MixedLength { get; }

    /// <summary>The same images with numbers of another kind.</summary>
    public AugmentedImages With(Normalization normalization) => new(Images, Augmentation, _seed, normalization, false);

    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        if (MixedLength == 0)
            Images.FillTargets(indices, batch);
        if (!_workspaces.TryTake(out ImageWorkspace? work))
            work = new ImageWorkspace(this);
        int length = Shape.ElementCount;
        Span<int> masks = MaskLength == 0 ? default : batch.Labels(_maskTarget);
        Span<float> targets = MixedLength == 0 ? default : batch.Values();
        for (int i = 0; i < indices.Length; i++)
        {
            var random = new SeededRandom(_seed ^ Stream, ((ulong)epoch << 32) | (uint)indices[i]);
            Span<float> target = targets.Slice(i * MixedLength, MixedLength);
            if (MixedLength > 0)
                ReadTarget(indices[i], work, [], target);

            // A mixed sample has the weight of its own image.
            if (MixedLength > 0 && HasSampleWeights)
                batch.SampleWeights[i] = work.TargetBatch!.SampleWeights[0];
            Change(indices[i], _transforms.Length, masks.Slice(i * MaskLength, MaskLength), target, ref random, work);
            Operator.ScaleShift(_scales, _shifts, work.Pixels, batch.Input().Slice(i * length, length));
        }

        _workspaces.Add(work);
    }

    /// <summary>Another image for one that is being changed, as the first of the transforms make it, with its targets.</summary>
    public void Render(int index, int transforms, Span<int> mask, Span<float> target, ref SeededRandom random, ImageWorkspace work)
    {
        ReadTarget(index, work, mask, target);
        Change(index, transforms, mask, target, ref random, work);
    }

    /// <summary>Memory for the targets of one sample.</summary>
    public Batch CreateTargetBatch() => new(_targets, 1);

    private void Change(int index, int transforms, Span<int> mask, Span<float> target, ref SeededRandom random, ImageWorkspace work)
    {
        Images.ReadImage(index, work.Bytes);
        work.Load();
        var sample = new ImageSample(this, work, mask, target, random);
        for (int k = 0; k < transforms; k++)
        {
            sample.Stage = k;
            _transforms[k].Apply(ref sample);
        }

        sample.Settle();
        random = sample.Random;
    }

    private void ReadTarget(int index, ImageWorkspace work, Span<int> mask, Span<float> target)
    {
        if (work.TargetBatch is not { } one)
            return;
        one.Fill(_targets, 0, [index], 0);
        if (!mask.IsEmpty)
            one.Labels(_maskTarget).CopyTo(mask);
        if (target.IsEmpty)
            return;
        if (!Images.Targets[0].IsLabels)
        {
            one.Values().CopyTo(target);
            return;
        }

        target.Clear();
        target[one.Labels()[0]] = 1;
    }

    // A sample of no class has no shares of classes that a loss could leave out.
    private void RequireClasses()
    {
        TargetInfo target = Images.Targets[0];
        if (!target.IsLabels || target.Shape.Rank != 0)
            return;
        int[] labels = DatasetLabels.Read("Augmented", _targets);
        int at = Array.FindIndex(labels, label => (uint)label >= (uint)target.Classes);
        if (at >= 0)
            throw new ShapeException($"Augmented: Mixup and CutMix cannot mix the label {labels[at]} of image {at}; " +
                $"expected 0 to {target.Classes - 1}: leave samples with an ignored label out.");
    }

    // The target that is a label per pixel; −1 for none.
    private int FindMask(IReadOnlyList<TargetInfo> targets)
    {
        int found = -1;
        for (int t = 0; t < targets.Count; t++)
        {
            Shape shape = targets[t].Shape;
            if (shape.Rank < 2 || shape[0] != Shape[0] || shape[1] != Shape[1])
                continue;
            if (!targets[t].IsLabels || shape.ElementCount != Shape[0] * Shape[1] || found >= 0)
                throw new ShapeException($"Augmented: target {t} is {targets[t]}, which belongs to the pixels of the images and would " +
                    "not move with them; expected at most one target for the pixels, labels [H, W].");
            found = t;
        }

        return found;
    }

    private TargetInfo MixedTarget(IImageDataset images)
    {
        if (images.Targets.Count != 1 || images.Inputs.Count != 1)
            throw new ShapeException("Augmented: Mixup and CutMix mix one input and one target; the data set has " +
                $"{images.Inputs.Count} inputs and {images.Targets.Count} targets.");
        TargetInfo target = images.Targets[0];
        if (_maskTarget >= 0 && Augmentation.Any<Mixup>())
            throw new ShapeException($"Augmented: Mixup cannot mix {target}; expected one label an image or numbers: CutMix serves " +
                "labels per pixel.");
        if (!target.IsLabels || _maskTarget >= 0)
            return target;
        return target.Shape.Rank == 0
            ? TargetInfo.Values(new Shape(target.Classes))
            : throw new ShapeException($"Augmented: Mixup and CutMix cannot mix {target}; expected one label an image, or numbers.");
    }

    // The targets without the images, so that no memory is taken for them.
    private sealed class TargetsAlone(IImageDataset images) : IDataset
    {
        public int Count => images.Count;

        public IReadOnlyList<Shape> Inputs => [new Shape(1), .. images.Inputs.Skip(1)];

        public IReadOnlyList<TargetInfo> Targets => images.Targets;

        public bool HasSampleWeights => images.HasSampleWeights;

        public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch) => images.FillTargets(indices, batch);
    }
}
