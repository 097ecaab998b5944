using CnnFast.Data;
using CnnFast.Graphs;

namespace CnnFast.Training;

/// <summary>What must hold before a training starts.</summary>
internal static class FitChecks
{
    /// <exception cref="ShapeException">Images or classes do not fit the model.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the model has nothing to train.</exception>
    public static void Require(Model model, ImageDataset data, FitOptions options)
    {
        RequireAtLeast(nameof(options.Epochs), options.Epochs, 1);
        RequireAtLeast(nameof(options.BatchSize), options.BatchSize, 1);
        RequireAtLeast(nameof(options.MaxThreads), options.MaxThreads, 0);
        OptionCheck.Defined("Trainer.Fit", options.ConvAlgorithm);
        options.Augmentation?.Validate();
        if (options.Schedule is null)
            throw new ArgumentException("Trainer.Fit: Schedule is null; expected a schedule such as ConstantSchedule.", nameof(options));
        ClassifierHead.RequireFit("Trainer.Fit", model, data);
        if (options.Validation is not null)
            ClassifierHead.RequireFit("Trainer.Fit (validation)", model, options.Validation);
        if (!model.Parameters.Any(parameter => parameter.Trainable))
            throw new ArgumentException("Trainer.Fit: the model has no trainable parameter; expected at least one.", nameof(model));
    }

    private static void RequireAtLeast(string option, int value, int minimum)
    {
        if (value < minimum)
            throw new ArgumentOutOfRangeException(option, $"Trainer.Fit: {option} is {value}; expected at least {minimum}.");
    }
}
