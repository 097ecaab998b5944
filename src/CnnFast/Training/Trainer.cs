using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// Trains a model: gradients of the loss are averaged over the batch. It changes the model's own parameters, so the model
/// is not to be run or saved by others while <see cref="Fit"/> is under way (sessions made before keep their weights and are not touched).
/// A further Fit goes on where the last one ended: the optimizer keeps its memory, and the orders and random changes of the samples are
/// those of the next epochs. One Fit at a time.
/// </summary>
public sealed class Trainer
{
    private readonly OptimizerState _state;
    private readonly ModelLoss _loss;
    private bool _running;

    /// <summary>Prepares the training of a model.</summary>
    /// <param name="model">
    /// The model. Where the loss reads logits, a Softmax or Sigmoid at its end is left to the loss, with Flatten or Dropout after that.
    /// </param>
    /// <param name="optimizer">How gradients change the weights.</param>
    /// <param name="loss">
    /// What becomes small; null, the default, chooses by the end of the model: <see cref="SoftmaxCrossEntropy"/> after Softmax, and for
    /// labels also where the model ends without an activation; <see cref="BinaryCrossEntropy"/> after Sigmoid.
    /// </param>
    /// <exception cref="NotSupportedException">
    /// The output depends on a parameter that is <see cref="Parameter.Trainable"/> through operations without gradient alone, such as a
    /// rounding in an imported model; the message names one. Freeze what is not to be trained before the trainer is created.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The loss does not belong to the end of the model, or none was given and the end does not say which; or the
    /// optimizer names two tensors alike.
    /// </exception>
    public Trainer(Model model, Optimizer optimizer, ILoss? loss = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        _loss = new ModelLoss("Trainer", model, loss);
        FitChecks.RequireGradients("Trainer", _loss.Graph);
        Model = model;
        Optimizer = optimizer;
        _state = new OptimizerState(optimizer, model.Parameters);
    }

    /// <summary>The model.</summary>
    public Model Model { get; }

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The loss.</summary>
    public ILoss Loss => _loss.Loss;

    /// <summary>Steps (batches) that changed the weights so far.</summary>
    public long Steps => _state.Steps;

    /// <summary>Trains on a data set.</summary>
    /// <param name="data">The samples: images or others, with targets that fit the loss.</param>
    /// <param name="options">Epochs, batch, validation, seed and the rest.</param>
    /// <param name="progress">Told after every batch; the last report of an epoch holds its result.</param>
    /// <param name="cancellationToken">
    /// Ends the training within one batch: no exception, but a result whose <see cref="FitResult.Cancelled"/> is true; the model holds the
    /// weights of the last completed step and can be used, saved and trained on.
    /// </param>
    /// <returns>What it came to.</returns>
    /// <exception cref="ShapeException">Samples or targets do not fit the model or the loss.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or the model has nothing to train.</exception>
    /// <exception cref="NotSupportedException">As for the constructor, where a parameter that was frozen when the trainer was
    /// created is not any more.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more.</exception>
    /// <exception cref="NotFiniteNumberException">The loss of a batch is infinite or NaN; the weights are those
    /// before that batch.</exception>
    /// <exception cref="InvalidOperationException">Another Fit of this trainer is under way, or the schedule gave a factor that is negative
    /// or not finite; the weights are those before that batch.</exception>
    public FitResult Fit(IDataset data, FitOptions? options = null, IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        FitChecks.Require(_loss, Model, data, options);
        if (Interlocked.Exchange(ref _running, true))
            throw new InvalidOperationException("Trainer.Fit: another Fit of this trainer is under way; expected one at a time.");
        try
        {
            using var run = new FitRun(Model, _loss, _state, data, options, progress);
            return run.Run(cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _running, false);
        }
    }
}
